/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "io/ckpt-alloc.h"
#include "io/ckpt-limits.h"
#include "model/ckpt-nodes.h"
#include "pickle/ckpt-opcodes.h"
#include "test-files.h"

static void
test_scalars (void)
{
  g_autoptr (CkptNodes) nodes = ckpt_nodes_new ();
  CkptNodeId small = ckpt_nodes_add_int (nodes, -5, CKPT_OP_BININT, NULL);
  CkptNodeId large = ckpt_nodes_add_int (nodes, G_MININT64, CKPT_OP_LONG1, NULL);
  CkptNodeId real = ckpt_nodes_add_float (nodes, -0.0, CKPT_OP_BINFLOAT, NULL);
  CkptNodeId truth = ckpt_nodes_add_bool (nodes, 7, NULL);

  g_assert_cmpint (ckpt_nodes_get_kind (nodes, small), ==, CKPT_KIND_INT);
  g_assert_cmpint (ckpt_nodes_get_int (nodes, small), ==, -5);
  g_assert_cmpint (ckpt_nodes_get_opcode (nodes, small), ==, CKPT_OP_BININT);
  g_assert_true (ckpt_nodes_get_int (nodes, large) == G_MININT64);
  g_assert_cmpint (ckpt_nodes_get_kind (nodes, real), ==, CKPT_KIND_FLOAT);
  g_assert_true (signbit (ckpt_nodes_get_float (nodes, real)));
  g_assert_cmpint (ckpt_nodes_get_kind (nodes, truth), ==, CKPT_KIND_BOOL);
  g_assert_cmpint (ckpt_nodes_get_int (nodes, truth), ==, 1);
  g_assert_cmpuint (ckpt_nodes_get_n (nodes), ==, 4);
}

static void
test_shared (void)
{
  g_autoptr (CkptNodes) nodes = ckpt_nodes_new ();
  CkptNodeId none = ckpt_nodes_add_none (nodes, NULL);
  CkptNodeId seven = ckpt_nodes_add_int (nodes, 7, CKPT_OP_BININT1, NULL);
  CkptNodeId tuple = ckpt_nodes_add_container (nodes, CKPT_KIND_TUPLE, CKPT_OP_EMPTY_TUPLE, 3, NULL, 0, NULL);

  g_assert_cmpuint (ckpt_nodes_add_none (nodes, NULL), ==, none);
  g_assert_cmpuint (ckpt_nodes_add_bool (nodes, TRUE, NULL), ==, ckpt_nodes_add_bool (nodes, TRUE, NULL));
  g_assert_cmpuint (ckpt_nodes_add_bool (nodes, TRUE, NULL), !=, ckpt_nodes_add_bool (nodes, FALSE, NULL));
  g_assert_cmpuint (ckpt_nodes_add_int (nodes, 7, CKPT_OP_BININT1, NULL), ==, seven);
  g_assert_cmpuint (ckpt_nodes_add_int (nodes, 7, CKPT_OP_BININT, NULL), !=, seven);
  g_assert_cmpuint (ckpt_nodes_add_container (nodes, CKPT_KIND_TUPLE, CKPT_OP_EMPTY_TUPLE, 9, NULL, 0, NULL),
                    ==, tuple);
  g_assert_cmpuint (ckpt_nodes_add_container (nodes, CKPT_KIND_TUPLE, CKPT_OP_TUPLE, 9, NULL, 0, NULL), !=,
                    tuple);

  /* What is noted with one value must not show at all others. */
  ckpt_nodes_set_flag (nodes, none, CKPT_NODE_PUT);
  ckpt_nodes_set_flag (nodes, seven, CKPT_NODE_PUT);
  ckpt_nodes_set_flag (nodes, tuple, CKPT_NODE_PUT);
  g_assert_cmpint (ckpt_nodes_get_flags (nodes, none), ==, 0);
  g_assert_cmpint (ckpt_nodes_get_flags (nodes, seven), ==, 0);
  g_assert_cmpint (ckpt_nodes_get_flags (nodes, tuple), ==, 0);
}

/* Texts of all sizes, the pool's chunks being of 256 KiB. Text i begins at byte i. */
static void
test_texts (void)
{
  static const gsize sizes[] = { 0, 1, 2, 255, 4096, 65535, 65536, 65537, 262143, 262144, 262145, 1 << 20 };
  enum
  {
    N_TEXTS = 4 * G_N_ELEMENTS (sizes)
  };
  g_autoptr (CkptNodes) nodes = ckpt_nodes_new ();
  g_autofree guint8 *text = test_files_noise ((1 << 20) + N_TEXTS);
  CkptNodeId ids[N_TEXTS];

  for (gsize i = 0; i < N_TEXTS; i++)
    ids[i] = ckpt_nodes_add_text (nodes, CKPT_KIND_BYTES, 0, CKPT_OP_BINBYTES, text + i,
                                  sizes[i % G_N_ELEMENTS (sizes)], NULL);
  for (gsize i = 0; i < N_TEXTS; i++)
    {
      gsize length;
      const char *got = ckpt_nodes_get_text (nodes, ids[i], &length);

      g_assert_cmpmem (got, length, text + i, sizes[i % G_N_ELEMENTS (sizes)]);
      g_assert_cmpint (got[length], ==, '\0');
      g_assert_cmpuint (ckpt_nodes_get_length (nodes, ids[i]), ==, length);
    }
}

static void
test_long_text (void)
{
  g_autoptr (CkptNodes) nodes = ckpt_nodes_new ();
  CkptNodeId before = ckpt_nodes_add_text (nodes, CKPT_KIND_STRING, 0, CKPT_OP_BINUNICODE, "abc", 3, NULL);
  CkptNodeId node = ckpt_nodes_add_long_text (nodes, CKPT_KIND_STRING, CKPT_NODE_PYTHON2, CKPT_OP_BINSTRING,
                                              "begin", 5, G_GUINT64_CONSTANT (5) << 40, 77,
                                              G_GUINT64_CONSTANT (3) << 40, NULL);
  guint64 position;
  guint32 record;
  gsize length;
  const char *text = ckpt_nodes_get_text (nodes, node, &length);

  g_assert_cmpmem (text, length, "begin", 5);
  g_assert_cmpint (text[5], ==, '\0');
  g_assert_cmpuint (ckpt_nodes_get_length (nodes, node), ==, G_GUINT64_CONSTANT (5) << 40);
  g_assert_cmpint (ckpt_nodes_get_flags (nodes, node), ==, CKPT_NODE_LONG | CKPT_NODE_PYTHON2);
  g_assert_true (ckpt_nodes_get_long_place (nodes, node, &record, &position));
  g_assert_cmpuint (record, ==, 77);
  g_assert_cmpuint (position, ==, G_GUINT64_CONSTANT (3) << 40);
  g_assert_false (ckpt_nodes_get_long_place (nodes, before, &record, &position));
  g_assert_cmpstr (ckpt_nodes_get_text (nodes, before, NULL), ==, "abc");
}

/* Containers that grow in turn, so that their ranges of children move past each other. */
static void
test_growth (void)
{
  enum
  {
    N_LISTS = 7,
    N_ROUNDS = 2000
  };
  g_autoptr (CkptNodes) nodes = ckpt_nodes_new ();
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  CkptNodeId lists[N_LISTS];
  GArray *expected[N_LISTS];
  CkptNodeId some[40];

  for (guint i = 0; i < G_N_ELEMENTS (some); i++)
    some[i] = ckpt_nodes_add_int (nodes, i, CKPT_OP_BININT, NULL);
  for (guint i = 0; i < N_LISTS; i++)
    {
      lists[i] = ckpt_nodes_add_container (nodes, CKPT_KIND_LIST, CKPT_OP_EMPTY_LIST, i, some, i, NULL);
      expected[i] = g_array_new (FALSE, FALSE, sizeof (CkptNodeId));
      g_array_append_vals (expected[i], some, i);
    }
  for (guint round = 0; round < N_ROUNDS; round++)
    {
      guint i = g_rand_int_range (random, 0, N_LISTS);
      guint first = g_rand_int_range (random, 0, G_N_ELEMENTS (some));
      guint n = g_rand_int_range (random, 0, G_N_ELEMENTS (some) - first + 1);

      if (round % 500 == 499)
        {
          ckpt_nodes_truncate (nodes, lists[i], expected[i]->len / 2);
          g_array_set_size (expected[i], expected[i]->len / 2);
        }
      g_assert_true (ckpt_nodes_append (nodes, lists[i], some + first, n, NULL));
      g_array_append_vals (expected[i], some + first, n);
    }
  for (guint i = 0; i < N_LISTS; i++)
    {
      guint32 n_children;
      const CkptNodeId *children = ckpt_nodes_get_children (nodes, lists[i], &n_children);

      g_assert_cmpmem (children, n_children * sizeof (CkptNodeId), expected[i]->data,
                       expected[i]->len * sizeof (CkptNodeId));
      g_assert_cmpuint (ckpt_nodes_get_position (nodes, lists[i]), ==, i);
      g_assert_cmpuint (n_children, >, 1000);
      g_array_unref (expected[i]);
    }
}

static void
test_objects (void)
{
  g_autoptr (CkptNodes) nodes = ckpt_nodes_new ();
  CkptNodeId global = ckpt_nodes_add_text (nodes, CKPT_KIND_GLOBAL, 0, CKPT_OP_GLOBAL, "torch\nSize", 10,
                                           NULL);
  const CkptNodeId slots[CKPT_N_SLOTS] = {
    global, 5, CKPT_NO_NODE, CKPT_NO_NODE, CKPT_NO_NODE, CKPT_NO_NODE
  };
  CkptNodeId object = ckpt_nodes_add_container (nodes, CKPT_KIND_OBJECT, CKPT_OP_REDUCE, 1234567890123, slots,
                                                CKPT_N_SLOTS, NULL);
  CkptNodeId id = ckpt_nodes_add_container (nodes, CKPT_KIND_PERSISTENT_ID, CKPT_OP_BINPERSID, 8, &object, 1,
                                            NULL);
  guint32 n_children;

  g_assert_cmpuint (ckpt_nodes_get_slot (nodes, object, CKPT_SLOT_CALLABLE), ==, global);
  g_assert_cmpuint (ckpt_nodes_get_slot (nodes, object, CKPT_SLOT_STATE), ==, CKPT_NO_NODE);
  ckpt_nodes_set_child (nodes, object, CKPT_SLOT_STATE, id);
  g_assert_cmpuint (ckpt_nodes_get_slot (nodes, object, CKPT_SLOT_STATE), ==, id);
  g_assert_cmpuint (ckpt_nodes_get_position (nodes, object), ==, 1234567890123);
  g_assert_cmpuint (ckpt_nodes_get_tag (nodes, object), ==, 0);
  ckpt_nodes_set_tag (nodes, object, G_MAXUINT32);
  ckpt_nodes_set_tag (nodes, id, 3);
  g_assert_cmpuint (ckpt_nodes_get_tag (nodes, object), ==, G_MAXUINT32);
  g_assert_cmpuint (ckpt_nodes_get_tag (nodes, id), ==, 3);
  g_assert_cmpuint (ckpt_nodes_get_tag (nodes, global), ==, 0);
  g_assert_cmpuint (ckpt_nodes_get_children (nodes, id, &n_children)[0], ==, object);
  g_assert_cmpuint (n_children, ==, 1);
  g_assert_null (ckpt_nodes_get_children (nodes, global, &n_children));
  g_assert_cmpuint (n_children, ==, 0);

  g_assert_true (ckpt_nodes_is_global (nodes, global, "torch", "Size"));
  g_assert_false (ckpt_nodes_is_global (nodes, global, "torch", "Siz"));
  g_assert_false (ckpt_nodes_is_global (nodes, global, "torchS", "ize"));
  g_assert_false (ckpt_nodes_is_global (nodes, object, "torch", "Size"));
  g_assert_false (ckpt_nodes_is_global (nodes, CKPT_NO_NODE, "torch", "Size"));
}

static void
test_number_limit (void)
{
  g_autoptr (CkptNodes) nodes = ckpt_nodes_new ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < CKPT_LIMIT_NODES; i++)
    if (ckpt_nodes_add_float (nodes, i, CKPT_OP_BINFLOAT, &error) != i)
      g_error ("value %u: %s", i, error != NULL ? error->message : "another id");
  g_assert_cmpuint (ckpt_nodes_get_n (nodes), ==, CKPT_LIMIT_NODES);
  g_assert_cmpuint (ckpt_nodes_get_memory (nodes), <, (guint64) CKPT_LIMIT_NODES * 24 + (1 << 20));
  g_assert_cmpuint (ckpt_nodes_add_none (nodes, &error), ==, CKPT_NO_NODE);
  g_assert_error (error, CKPT_ERROR, CKPT_ERROR_LIMIT);
  g_assert_cmpstr (ckpt_error_get_code (error), ==, "too-many-values");
  g_assert_cmpfloat (ckpt_nodes_get_float (nodes, CKPT_LIMIT_NODES - 1), ==, CKPT_LIMIT_NODES - 1);
}

static void
assert_memory_error (GError **error)
{
  g_assert_error (*error, CKPT_ERROR, CKPT_ERROR_LIMIT);
  g_assert_cmpstr (ckpt_error_get_code (*error), ==, "values-memory");
  g_clear_error (error);
}

static void
test_memory_limit (void)
{
  g_autoptr (CkptNodes) nodes = ckpt_nodes_new ();
  g_autoptr (GError) error = NULL;
  CkptNodeId list = ckpt_nodes_add_container (nodes, CKPT_KIND_LIST, CKPT_OP_EMPTY_LIST, 0, NULL, 0, NULL);
  g_autofree CkptNodeId *many = g_new0 (CkptNodeId, 100000);
  guint64 used = ckpt_nodes_get_memory (nodes);

  g_assert_false (ckpt_nodes_charge (nodes, CKPT_LIMIT_NODE_MEMORY - used + 1, &error));
  assert_memory_error (&error);
  g_assert_false (ckpt_nodes_charge (nodes, G_MAXUINT64, &error));
  assert_memory_error (&error);
  g_assert_cmpuint (ckpt_nodes_get_memory (nodes), ==, used);

  g_assert_true (ckpt_nodes_charge (nodes, CKPT_LIMIT_NODE_MEMORY - used, &error));
  g_assert_false (ckpt_nodes_append (nodes, list, many, 100000, &error));
  assert_memory_error (&error);
  g_assert_cmpuint (ckpt_nodes_add_text (nodes, CKPT_KIND_STRING, 0, CKPT_OP_BINUNICODE, "a", 1, &error), ==,
                    CKPT_NO_NODE);
  assert_memory_error (&error);
  g_assert_cmpuint (
      ckpt_nodes_add_text (nodes, CKPT_KIND_STRING, 0, CKPT_OP_BINUNICODE, "a", G_MAXSIZE, &error), ==,
      CKPT_NO_NODE);
  assert_memory_error (&error);

  /* What does not fit with room to grow may fit without. */
  ckpt_nodes_uncharge (nodes, 100000 * sizeof (CkptNodeId));
  g_assert_true (ckpt_nodes_append (nodes, list, many, 90000, &error));
  g_assert_true (ckpt_nodes_append (nodes, list, many, 10000, &error));
  g_assert_no_error (error);
}

/* Every allocation in turn fails; what was there stays, and the same call works afterwards. */
static void
test_no_memory (void)
{
  static const char text[70000] = "text";
  g_autoptr (CkptNodes) nodes = ckpt_nodes_new ();
  CkptNodeId list = CKPT_NO_NODE;
  CkptNodeId ids[3] = { CKPT_NO_NODE, CKPT_NO_NODE, CKPT_NO_NODE };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    for (guint n_good = 0; ids[i] == CKPT_NO_NODE; n_good++)
      {
        g_autoptr (GError) error = NULL;

        g_assert_cmpuint (n_good, <, 10);
        ckpt_alloc_set_failure (n_good, FALSE);
        ids[i] = ckpt_nodes_add_text (nodes, CKPT_KIND_STRING, 0, CKPT_OP_BINUNICODE, text,
                                      i == 1 ? sizeof text : 4, &error);
        ckpt_alloc_set_failure (-1, FALSE);
        if (ids[i] == CKPT_NO_NODE)
          g_assert_error (error, CKPT_ERROR, CKPT_ERROR_LIMIT);
      }
  list = ckpt_nodes_add_container (nodes, CKPT_KIND_LIST, CKPT_OP_EMPTY_LIST, 0, ids, 3, NULL);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpstr (ckpt_nodes_get_text (nodes, ids[i], NULL), ==, "text");
  g_assert_cmpuint (ckpt_nodes_get_length (nodes, list), ==, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/nodes/scalars", test_scalars);
  g_test_add_func ("/nodes/shared", test_shared);
  g_test_add_func ("/nodes/texts", test_texts);
  g_test_add_func ("/nodes/long-text", test_long_text);
  g_test_add_func ("/nodes/growth", test_growth);
  g_test_add_func ("/nodes/objects", test_objects);
  g_test_add_func ("/nodes/number-limit", test_number_limit);
  g_test_add_func ("/nodes/memory-limit", test_memory_limit);
  g_test_add_func ("/nodes/no-memory", test_no_memory);

  return g_test_run ();
}
