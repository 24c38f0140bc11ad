# SPDX-License-Identifier: MIT
# Manual pages: hand-written frames, parts generated from the tables into build/man.
