# SPDX-License-Identifier: MIT
bats_tests += tests/cli/nouns.bats
sh_tests += tests/cli/modes.sh
bats_tests += tests/cli/db.bats tests/cli/doctor.bats tests/cli/clone.bats tests/cli/export.bats tests/cli/import.bats tests/cli/roundtrip.bats tests/cli/nasty.bats tests/cli/sale.bats tests/cli/watch.bats tests/cli/pay.bats
bats_tests += tests/cli/catalogue.bats
bats_tests += tests/cli/job.bats
bats_tests += tests/cli/job_io.bats
bats_tests += tests/cli/erase.bats
test_tools += tests/tools/typist
bats_tests += tests/cli/cron.bats
bats_tests += tests/cli/pipeline.bats
bats_tests += tests/cli/walk_ops.bats
# About tix alone, which has one thread.
client_tests += tests/cli/usage.bats tests/cli/config.bats tests/cli/errors.bats tests/cli/edit.bats tests/cli/confirm.bats \
	tests/cli/transcripts.bats tests/cli/writes.bats tests/cli/grammar.bats tests/cli/ends.bats tests/cli/screen.bats \
	tests/cli/complete.bats tests/cli/shell.bats tests/cli/walk_support.bats tests/cli/walk_organizer.bats
