/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "ckpt-version.h"

static void
test_version (void)
{
  g_assert_cmpstr (ckpt_version (), ==, PACKAGE_VERSION);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/version/text", test_version);
  return g_test_run ();
}
