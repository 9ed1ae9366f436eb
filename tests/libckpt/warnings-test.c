/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "io/ckpt-warnings.h"

static void
test_fields (void)
{
  g_autoptr (CkptWarnings) warnings = ckpt_warnings_new ();
  CkptWarning *warning;

  g_assert_cmpuint (ckpt_warnings_get_n (warnings), ==, 0);
  g_assert_false (ckpt_warnings_has (warnings, "key-twice"));

  ckpt_warnings_add (warnings, "bytes-after-stop", "data.pkl", 7, "%d bytes follow.", 3);
  warning = ckpt_warnings_get (warnings, 0);
  g_assert_cmpstr (warning->place.code, ==, "bytes-after-stop");
  g_assert_cmpstr (warning->place.record, ==, "data.pkl");
  g_assert_cmpuint (warning->place.offset, ==, 7);
  g_assert_cmpuint (warning->place.file_offset, ==, CKPT_NO_OFFSET);
  g_assert_cmpuint (warning->node, ==, G_MAXUINT32);
  g_assert_cmpuint (warning->count, ==, 1);
  g_assert_cmpstr (warning->message, ==, "3 bytes follow.");
  g_assert_null (warning->path);

  warning = ckpt_warnings_add_node (warnings, "key-twice", 12, "Twice.");
  g_assert_true (warning == ckpt_warnings_get (warnings, 1));
  g_assert_cmpuint (warning->node, ==, 12);
  g_assert_null (warning->place.record);
  g_assert_cmpuint (warning->place.offset, ==, CKPT_NO_OFFSET);
  g_assert_true (ckpt_warnings_has (warnings, "key-twice"));
  g_assert_false (ckpt_warnings_has (warnings, "key"));
}

static void
test_many (void)
{
  g_autoptr (CkptWarnings) warnings = ckpt_warnings_new ();
  guint n_kept = 0;
  guint total = 0;

  for (guint i = 0; i < 1000; i++)
    {
      gboolean is_kept = (i % 2 ? ckpt_warnings_add (warnings, "many", NULL, i, "%u", i)
                                : ckpt_warnings_add_node (warnings, "many", i, "%u", i)) != NULL;

      n_kept += is_kept;
      g_assert_true (is_kept == (i < 20));
    }
  g_assert_nonnull (ckpt_warnings_add (warnings, "other", NULL, 0, "Other."));
  g_assert_cmpuint (n_kept, ==, 20);
  g_assert_cmpuint (ckpt_warnings_get_n (warnings), ==, 21);
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *message = g_strdup_printf ("%u", i);

      g_assert_cmpstr (ckpt_warnings_get (warnings, i)->message, ==, message);
      total += ckpt_warnings_get (warnings, i)->count;
    }
  g_assert_cmpuint (total, ==, 1000);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/warnings/fields", test_fields);
  g_test_add_func ("/warnings/many", test_many);
  return g_test_run ();
}
