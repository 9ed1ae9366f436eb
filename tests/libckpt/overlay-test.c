/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/ckpt-overlay.h"

/* Maps that were copied go their own ways, whatever is set in either: each against a hash table that is copied whole. */
#define N_MAPS  8
#define N_STEPS 20000

static CkptNodeId
random_node (void)
{
  /* Often close together, so that pages are shared and then not. */
  return g_test_rand_bit () ? (CkptNodeId) g_test_rand_int_range (1, 600)
                            : (CkptNodeId) g_test_rand_int_range (1, 20000000);
}

static GHashTable *
copy_table (GHashTable *from)
{
  GHashTable *copy = g_hash_table_new (NULL, NULL);
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, from);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (copy, key, value);
  return copy;
}

static void
check (CkptOverlay *map, GHashTable *table)
{
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_assert_cmpuint (ckpt_overlay_get (map, GPOINTER_TO_UINT (key)), ==, GPOINTER_TO_UINT (value));
}

static void
test_copies (void)
{
  CkptOverlay *maps[N_MAPS] = { ckpt_overlay_new () };
  GHashTable *tables[N_MAPS] = { g_hash_table_new (NULL, NULL) };
  CkptNodeId content = 30000000; /* beyond all keys, so that no chains come about */

  for (guint i = 1; i < N_MAPS; i++)
    {
      maps[i] = ckpt_overlay_copy (maps[0]);
      tables[i] = copy_table (tables[0]);
    }
  for (guint step = 0; step < N_STEPS; step++)
    {
      guint i = g_test_rand_int_range (0, N_MAPS);
      CkptNodeId node = random_node ();

      if (g_test_rand_int_range (0, 500) == 0)
        {
          guint from = g_test_rand_int_range (0, N_MAPS);
          CkptOverlay *copy = ckpt_overlay_copy (maps[from]);
          GHashTable *table = copy_table (tables[from]);

          ckpt_overlay_free (maps[i]);
          g_hash_table_unref (tables[i]);
          maps[i] = copy;
          tables[i] = table;
        }
      ckpt_overlay_set (maps[i], node, ++content);
      g_hash_table_insert (tables[i], GUINT_TO_POINTER (node), GUINT_TO_POINTER (content));
    }
  for (guint i = 0; i < N_MAPS; i++)
    {
      check (maps[i], tables[i]);
      for (guint j = 0; j < 1000; j++)
        {
          CkptNodeId node = random_node ();

          if (!g_hash_table_contains (tables[i], GUINT_TO_POINTER (node)))
            g_assert_cmpuint (ckpt_overlay_get (maps[i], node), ==, node);
        }
      ckpt_overlay_free (maps[i]);
      g_hash_table_unref (tables[i]);
    }
}

/* What has the content of something that was changed has the content of what that was changed to. */
static void
test_chains (void)
{
  g_autoptr (CkptOverlay) map = ckpt_overlay_new ();
  g_autoptr (CkptOverlay) before = NULL;

  ckpt_overlay_set (map, 5, 70000);
  before = ckpt_overlay_copy (map);
  ckpt_overlay_set (map, 70000, 900000);
  g_assert_cmpuint (ckpt_overlay_get (map, 5), ==, 900000);
  g_assert_cmpuint (ckpt_overlay_get (map, 70000), ==, 900000);
  g_assert_cmpuint (ckpt_overlay_get (map, 0), ==, 0);
  g_assert_cmpuint (ckpt_overlay_get (map, 6), ==, 6);
  g_assert_cmpuint (ckpt_overlay_get (before, 5), ==, 70000);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/overlay/copies", test_copies);
  g_test_add_func ("/overlay/chains", test_chains);
  return g_test_run ();
}
