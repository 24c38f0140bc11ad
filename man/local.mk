# SPDX-License-Identifier: MIT
# Manual pages: hand-written frames, parts generated from the tables into build/man.
noinst_PROGRAMS += man/gen
man_gen_SOURCES = man/gen.c man/gen.h man/noun.c
man_gen_LDADD = $(tix_libs)

man_pages = man/tix.1 man/tix-bench.1 man/tix-bookmark.1 man/tix-category.1 man/tix-db.1 man/tix-event.1 \
	man/tix-export.1 man/tix-hold.1 man/tix-import.1 man/tix-job.1 man/tix-journal.1 \
	man/tix-order.1 man/tix-organizer.1 man/tix-payment.1 man/tix-person.1 man/tix-quota.1 \
	man/tix-refund.1 man/tix-report.1 man/tix-system.1 man/tix-ticket.1 man/tix-venue.1 \
	man/tix-dash.1 man/tix-keys.7 man/tix.conf.5 man/tix-rpc.7 man/tixd.8
nodist_man_MANS += $(man_pages)
CLEANFILES += $(man_pages)

dist_doc_DATA = man/examples/conferences.jq

# Each from the frame of its name; all anew when one frame changes, which takes no time.
$(man_pages): man/gen$(EXEEXT) $(man_pages:=.in)
	$(AM_V_GEN)man/gen$(EXEEXT) <$(srcdir)/$@.in >$@.tmp && mv $@.tmp $@
