# SPDX-License-Identifier: MIT
sh_tests += tests/docs/pages.sh tests/docs/examples.sh
