/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "test-checkpoints.h"

static void
test_identity (void)
{
  static const char *const none[] = { NULL };

  g_assert_cmpuint (test_checkpoints_check_anew (CKPT_CONTAINER_TORCH_LEGACY, none), >=, 10);
}

/* The pickle and the list of keys are encoded, and it is PyTorch's file all the same. */
static void
test_touched (void)
{
  /* Python 2 wrote these, in its own ways. */
  static const char *const others[] = { "/lpips_v0.0_alex.pth", "/lpips_v0.1_alex.pth",
                                        "/lpips_v0.1_squeeze.pth", NULL };

  g_assert_cmpuint (test_checkpoints_check_touched (CKPT_CONTAINER_TORCH_LEGACY, others), >=, 10);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/legacy-writer/identity", test_identity);
  g_test_add_func ("/legacy-writer/touched", test_touched);
  return g_test_run ();
}
