# SPDX-License-Identifier: MIT
# Manual pages: hand-written frames, parts generated from the tables into build/man.
noinst_PROGRAMS += man/gen
man_gen_SOURCES = man/gen.c
man_gen_LDADD = $(tix_libs)

nodist_man_MANS += man/tix.1 man/tix.conf.5 man/tix-rpc.7 man/tixd.8
CLEANFILES += $(nodist_man_MANS)

dist_doc_DATA = man/examples/conferences.jq

man/tix.1: man/tix.1.in man/gen$(EXEEXT)
	$(AM_V_GEN)man/gen$(EXEEXT) <$(srcdir)/man/tix.1.in >$@.tmp && mv $@.tmp $@
man/tix.conf.5: man/tix.conf.5.in man/gen$(EXEEXT)
	$(AM_V_GEN)man/gen$(EXEEXT) <$(srcdir)/man/tix.conf.5.in >$@.tmp && mv $@.tmp $@
man/tix-rpc.7: man/tix-rpc.7.in man/gen$(EXEEXT)
	$(AM_V_GEN)man/gen$(EXEEXT) <$(srcdir)/man/tix-rpc.7.in >$@.tmp && mv $@.tmp $@
man/tixd.8: man/tixd.8.in man/gen$(EXEEXT)
	$(AM_V_GEN)man/gen$(EXEEXT) <$(srcdir)/man/tixd.8.in >$@.tmp && mv $@.tmp $@
