# SPDX-License-Identifier: MIT
bats_tests += tests/cli/usage.bats tests/cli/nouns.bats
bats_tests += tests/cli/db.bats tests/cli/doctor.bats tests/cli/clone.bats tests/cli/export.bats tests/cli/import.bats tests/cli/roundtrip.bats tests/cli/nasty.bats tests/cli/sale.bats tests/cli/watch.bats tests/cli/pay.bats
bats_tests += tests/cli/catalogue.bats
bats_tests += tests/cli/job.bats
bats_tests += tests/cli/job_io.bats
bats_tests += tests/cli/erase.bats
bats_tests += tests/cli/config.bats tests/cli/errors.bats tests/cli/edit.bats
bats_tests += tests/cli/confirm.bats
bats_tests += tests/cli/transcripts.bats
bats_tests += tests/cli/writes.bats
test_tools += tests/tools/typist
bats_tests += tests/cli/grammar.bats
bats_tests += tests/cli/cron.bats
bats_tests += tests/cli/pipeline.bats
bats_tests += tests/cli/screen.bats
bats_tests += tests/cli/complete.bats
bats_tests += tests/cli/walk_ops.bats tests/cli/walk_support.bats tests/cli/walk_organizer.bats
