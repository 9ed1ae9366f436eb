/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "test-checkpoints.h"

static void
test_identity (void)
{
  static const char *const none[] = { NULL };

  g_assert_cmpuint (test_checkpoints_check_anew (CKPT_CONTAINER_SAFETENSORS, none), >=, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/safetensors-writer/identity", test_identity);
  return g_test_run ();
}
