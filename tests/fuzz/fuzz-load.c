/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz-open.h"

/* What libFuzzer calls: opens the input as a checkpoint. `./dev fuzz` builds it; tests/fuzz/damage.c needs no fuzzing engine. */

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static FuzzFile file;

  if (file.path == NULL)
    fuzz_file_init (&file);
  fuzz_file_set (&file, data, size);
  fuzz_file_open (&file);
  return 0;
}
