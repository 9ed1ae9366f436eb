/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "io/ckpt-alloc.h"
#include "io/ckpt-error.h"
#include "io/ckpt-hash.h"
#include "io/ckpt-limits.h"

static void
test_list (void)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  const CkptLimit *limits;
  gsize n_limits = 0;

  limits = ckpt_limits_get (&n_limits);
  g_assert_cmpuint (n_limits, >=, 13);
  for (gsize i = 0; i < n_limits; i++)
    {
      g_assert_true (g_hash_table_add (names, (gpointer) limits[i].name));
      g_assert_cmpuint (limits[i].value, >, 0);
      g_assert_nonnull (limits[i].unit);
    }
}

static void
test_alloc (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *memory = ckpt_try_malloc (0, &error);

  g_assert_no_error (error);
  g_assert_nonnull (memory);
  memory = ckpt_try_realloc (memory, 4, &error);
  g_assert_no_error (error);
  memcpy (memory, "abc", 4);
  g_assert_null (ckpt_try_realloc (memory, G_MAXUINT64, &error));
  g_assert_error (error, CKPT_ERROR, CKPT_ERROR_LIMIT);
  g_assert_cmpstr (ckpt_error_get_code (error), ==, "out-of-memory");
  g_assert_cmpstr (memory, ==, "abc");
}

static void
assert_alloc (gboolean works)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *memory = ckpt_try_malloc (8, &error);

  g_assert_true ((memory != NULL) == works);
  g_assert_true ((error == NULL) == works);
}

static void
test_alloc_failure (void)
{
  ckpt_alloc_set_failure (1, FALSE);
  assert_alloc (TRUE);
  assert_alloc (FALSE);
  assert_alloc (TRUE);
  ckpt_alloc_set_failure (1, TRUE);
  assert_alloc (TRUE);
  assert_alloc (FALSE);
  assert_alloc (FALSE);
  ckpt_alloc_set_failure (-1, FALSE);
  assert_alloc (TRUE);
}

/* The hash has a random key, so only what holds for every key is tested: it depends on every bit, and spreads evenly. */
static void
test_hash (void)
{
  g_autofree guint *n_in_bucket = g_new0 (guint, 1 << 16);
  char text[40] = "archive/data/0123456789";
  guint64 plain = ckpt_hash_bytes (text, 23);

  g_assert_cmpuint (ckpt_str_hash (text), ==, (guint) plain);
  g_assert_cmpuint (ckpt_hash_bytes (text, 24), !=, plain);
  g_assert_cmpuint (ckpt_hash_bytes (text, 22), !=, plain);
  g_assert_cmpuint (ckpt_hash_bytes ("ab\0", 3), !=, ckpt_hash_bytes ("ab\0", 2));
  for (guint bit = 0; bit < 23 * 8; bit++)
    {
      text[bit / 8] ^= 1 << bit % 8;
      g_assert_cmpuint (ckpt_hash_bytes (text, 23), !=, plain);
      text[bit / 8] ^= 1 << bit % 8;
    }
  memmove (text + 1, text, 23);
  g_assert_cmpuint (ckpt_hash_bytes (text + 1, 23), ==, plain);

  for (guint i = 0; i < 1 << 16; i++)
    {
      guint n = ++n_in_bucket[ckpt_hash_bytes (&i, sizeof i) & 0xffff];

      g_assert_cmpuint (n, <, 20);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/limits/list", test_list);
  g_test_add_func ("/limits/alloc", test_alloc);
  g_test_add_func ("/limits/alloc-failure", test_alloc_failure);
  g_test_add_func ("/limits/hash", test_hash);
  return g_test_run ();
}
