# SPDX-License-Identifier: MIT
# tix: the command line; no database, network or event loop library.
bin_PROGRAMS += tix
tix_SOURCES = cli/main.c cli/args.c cli/args.h cli/audit.c cli/call.c cli/call.h cli/cli.h cli/command.h cli/config.c cli/db.c cli/doctor.c cli/doctor.h cli/export.c cli/help.c \
	cli/help.h cli/import.c cli/method.c cli/out.c cli/out.h cli/params.c cli/params.h cli/print.c cli/table.c cli/table.h \
	cli/print.h cli/sentence.c cli/special.c cli/value.c cli/value.h cli/watch.c
tix_SOURCES += cli/odd.c cli/odd.h cli/sort.c cli/sort.h
tix_SOURCES += cli/settings.c cli/settings.h
tix_SOURCES += cli/next.c cli/sentence.h cli/sums.c
tix_SOURCES += cli/bookmark.c cli/bookmark.h cli/guard.c cli/guard.h cli/status.c cli/status.h
tix_SOURCES += cli/fold.c cli/fold.h cli/pager.c cli/pager.h cli/progress.c cli/progress.h cli/style.c cli/style.h
tix_SOURCES += cli/advice.c cli/blame.c cli/blame.h cli/zones.c cli/zones.h
tix_SOURCES += cli/confirm.c cli/confirm.h cli/job.c cli/job.h
tix_SOURCES += cli/ids.c cli/ids.h cli/leave.c cli/leave.h cli/many.c cli/many.h cli/rows.c cli/rows.h
tix_SOURCES += cli/bench.c cli/bench.h cli/bench_host.c cli/bench_print.c cli/bench_sale.c cli/hist.c \
	cli/hist.h cli/load.c cli/load.h cli/load_book.c cli/load_book.h cli/load_scan.c cli/load_scan.h
tix_SOURCES += cli/complete.c cli/complete.h cli/complete_live.c cli/complete_value.c \
	cli/completion.c cli/edit.c cli/edit.h cli/edit_text.c cli/edit_text.h

tix_SOURCES += cli/shell.c cli/shell.h cli/shell_history.c cli/shell_history.h cli/shell_line.c cli/shell_line.h

# tix-shell is tix with an editor of lines, whose library tix does not wait for at each start.
bin_PROGRAMS += tix-shell
tix_shell_SOURCES = $(tix_SOURCES) cli/shell_edit.c cli/shell_tab.c cli/shell_tab.h
tix_shell_LDADD = $(tix_libs) $(EDIT_LIBS)

# The shells' completions: built in as strings, and installed where each shell looks.
completion_files = cli/completion/tix.bash cli/completion/_tix cli/completion/tix.fish
completion_strings = $(completion_files:=.inc)
BUILT_SOURCES += $(completion_strings)
CLEANFILES += $(completion_strings)
$(completion_strings): $(completion_files)
	$(AM_V_GEN)$(MKDIR_P) cli/completion && file=$@ && \
	sed 's/\\/\\\\/g; s/"/\\"/g; s/.*/"&\\n"/' $(srcdir)/$${file%.inc} >$@.tmp && mv $@.tmp $@

install-data-local:
	$(MKDIR_P) $(DESTDIR)$(datadir)/bash-completion/completions \
		$(DESTDIR)$(datadir)/zsh/site-functions $(DESTDIR)$(datadir)/fish/vendor_completions.d
	$(INSTALL_DATA) $(srcdir)/cli/completion/tix.bash $(DESTDIR)$(datadir)/bash-completion/completions/tix
	$(INSTALL_DATA) $(srcdir)/cli/completion/_tix $(DESTDIR)$(datadir)/zsh/site-functions/_tix
	$(INSTALL_DATA) $(srcdir)/cli/completion/tix.fish $(DESTDIR)$(datadir)/fish/vendor_completions.d/tix.fish
uninstall-local:
	rm -f $(DESTDIR)$(datadir)/bash-completion/completions/tix \
		$(DESTDIR)$(datadir)/zsh/site-functions/_tix \
		$(DESTDIR)$(datadir)/fish/vendor_completions.d/tix.fish

tix_LDADD = $(tix_libs)
