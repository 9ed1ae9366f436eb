/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test-compare.h"

#include "model/ckpt-path.h"

#include <inttypes.h>
#include <string.h>

/* Bytes of a storage that are read at a time. */
#define BLOCK 65536

typedef struct
{
  CkptTree *tree;
  GPtrArray *lines;
  GHashTable *nodes;    /* value -> the line where it was met first */
  GHashTable *storages; /* storage -> how many were met before it */
} Lister;

static void
add_line (Lister *self, GString *line)
{
  g_ptr_array_add (self->lines, g_string_free_and_steal (line));
}

/* Which byte comes first in a number is no part of its value. */
static void
swap (guint8 *bytes, gsize n, guint size)
{
  for (gsize i = 0; size > 1 && i + size <= n; i += size)
    for (guint j = 0; j < size / 2; j++)
      {
        guint8 byte = bytes[i + j];

        bytes[i + j] = bytes[i + size - 1 - j];
        bytes[i + size - 1 - j] = byte;
      }
}

static void
list_storage (Lister *self, guint index)
{
  const CkptStorage *storage = ckpt_tree_get_storage (self->tree, index);
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint8 *block = g_malloc (BLOCK);
  GString *line = g_string_new (NULL);

  g_hash_table_insert (self->storages, GUINT_TO_POINTER (index),
                       GUINT_TO_POINTER (g_hash_table_size (self->storages)));
  g_string_append_printf (line, "storage %s %s untyped=%d bytes=%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT " ",
                          storage->location, ckpt_dtype_get_name (storage->dtype), storage->is_untyped,
                          storage->n_bytes_present, storage->n_bytes);
  for (guint64 at = 0; at < storage->n_bytes_present; at += BLOCK)
    {
      gsize n = MIN (BLOCK, storage->n_bytes_present - at);
      g_autoptr (GError) error = NULL;

      if (!ckpt_tree_read_storage (self->tree, index, at, block, n, &error))
        {
          g_string_append (line, error->message);
          break;
        }
      if (storage->is_big_endian)
        swap (block, n, ckpt_dtype_get_info (storage->dtype)->swap_size);
      g_checksum_update (sum, block, n);
    }
  g_string_append (line, g_checksum_get_string (sum));
  add_line (self, line);
}

static guint
number_storage (Lister *self, guint index)
{
  if (!g_hash_table_contains (self->storages, GUINT_TO_POINTER (index)))
    list_storage (self, index);
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->storages, GUINT_TO_POINTER (index)));
}

static void
append_numbers (GString *line, const char *name, const gint64 *numbers, guint n)
{
  g_string_append_printf (line, " %s=(", name);
  for (guint i = 0; numbers != NULL && i < n; i++)
    g_string_append_printf (line, "%" G_GINT64_FORMAT ",", numbers[i]);
  g_string_append_c (line, ')');
}

static void
append_quantizer (GString *line, const CkptQuantizer *quantizer)
{
  if (quantizer != NULL)
    g_string_append_printf (line, " q=%d %a %" G_GINT64_FORMAT " axis=%" G_GINT64_FORMAT, quantizer->scheme,
                            quantizer->scale, quantizer->zero_point, quantizer->axis);
}

static void
append_tensor (Lister *self, GString *line, const CkptTensor *tensor)
{
  g_string_append_printf (line, " %s %s %s %s flags=%u", tensor->class_name,
                          ckpt_dtype_get_name (tensor->dtype), ckpt_layout_get_name (tensor->layout),
                          tensor->device, tensor->flags);
  append_numbers (line, "shape", tensor->shape, tensor->n_dims);
  append_numbers (line, "stride", tensor->stride, tensor->n_dims);
  append_quantizer (line, tensor->quantizer);
  g_string_append_printf (line, " offset=%" G_GINT64_FORMAT " %s", tensor->offset,
                          tensor->problem != NULL ? tensor->problem : "");
  if (tensor->storage != CKPT_NO_STORAGE)
    g_string_append_printf (line, " of storage %u", number_storage (self, tensor->storage));
}

static void
append_text (Lister *self, GString *line, CkptNodeId node)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) text = ckpt_tree_dup_text (self->tree, node, &error);
  g_autofree char *escaped = NULL;
  gsize n;

  if (text == NULL)
    {
      g_string_append_printf (line, " %s", error->message);
      return;
    }
  g_string_append_printf (line, " %" G_GSIZE_FORMAT, g_bytes_get_size (text));
  n = MIN (g_bytes_get_size (text), 200);
  for (gsize i = 0; i < n; i++)
    g_string_append_printf (line, i == 0 ? " %02x" : "%02x",
                            ((const guint8 *) g_bytes_get_data (text, NULL))[i]);
  escaped = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, text);
  g_string_append_printf (line, " %s", escaped);
}

static void
append_value (Lister *self, GString *line, CkptNodeId node)
{
  CkptKind kind = ckpt_tree_get_kind (self->tree, node);
  const CkptStorage *storage;
  double value;
  guint64 bits;

  switch (kind)
    {
    case CKPT_KIND_STRING:
    case CKPT_KIND_BYTES:
    case CKPT_KIND_BYTEARRAY:
      append_text (self, line, node);
      return;
    case CKPT_KIND_FLOAT:
      value = ckpt_tree_get_float (self->tree, node);
      memcpy (&bits, &value, sizeof bits);
      g_string_append_printf (line, " %016" PRIx64, bits);
      return;
    case CKPT_KIND_TENSOR:
      append_tensor (self, line, ckpt_tree_get_node_tensor (self->tree, node));
      return;
    case CKPT_KIND_STORAGE:
      storage = ckpt_tree_get_node_storage (self->tree, node);
      for (guint i = 0; i < ckpt_tree_get_n_storages (self->tree); i++)
        if (ckpt_tree_get_storage (self->tree, i) == storage)
          g_string_append_printf (line, " storage %u", number_storage (self, i));
      return;
    default:
      {
        g_autofree char *repr = ckpt_tree_repr (self->tree, node);

        g_string_append_printf (line, " %s", repr != NULL ? repr : "");
      }
    }
}

static gboolean
list_value (CkptTree *tree,
            const CkptPath *path,
            G_GNUC_UNUSED guint depth,
            const CkptChild *child,
            gboolean is_repeat,
            gpointer user_data)
{
  Lister *self = user_data;
  const char *class_name = ckpt_tree_get_class_name (tree, child->node);
  g_autofree char *where = ckpt_path_to_string (path, tree);
  GString *line = g_string_new (where);
  gpointer first;

  g_string_append_printf (line, " %s %s of %u", ckpt_kind_get_name (ckpt_tree_get_kind (tree, child->node)),
                          class_name != NULL ? class_name : "", ckpt_tree_get_n_children (tree, child->node));
  if (is_repeat && g_hash_table_lookup_extended (self->nodes, GUINT_TO_POINTER (child->node), NULL, &first))
    {
      g_string_append_printf (line, " is line %u", GPOINTER_TO_UINT (first));
      add_line (self, line);
      return FALSE;
    }
  append_value (self, line, child->node);
  g_hash_table_insert (self->nodes, GUINT_TO_POINTER (child->node), GUINT_TO_POINTER (self->lines->len));
  add_line (self, line);
  return TRUE;
}

GPtrArray *
test_compare_list (CkptTree *tree)
{
  g_autoptr (GHashTable) nodes = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) storages = g_hash_table_new (NULL, NULL);
  Lister lister = { tree, g_ptr_array_new_with_free_func (g_free), nodes, storages };

  if (ckpt_tree_get_root (tree) != CKPT_NO_NODE)
    ckpt_tree_walk (tree, ckpt_tree_get_root (tree), list_value, &lister);
  return lister.lines;
}

char *
test_compare_lists (GPtrArray *a, GPtrArray *b)
{
  guint n = MAX (a->len, b->len);

  for (guint i = 0; i < n; i++)
    {
      const char *left = i < a->len ? a->pdata[i] : "nothing";
      const char *right = i < b->len ? b->pdata[i] : "nothing";

      if (strcmp (left, right) != 0)
        return g_strdup_printf ("line %u\n  %s\n  %s", i, left, right);
    }
  return NULL;
}

char *
test_compare_trees (CkptTree *a, CkptTree *b)
{
  g_autoptr (GPtrArray) left = test_compare_list (a);
  g_autoptr (GPtrArray) right = test_compare_list (b);

  return test_compare_lists (left, right);
}

void
test_assert_same_trees (CkptTree *a, CkptTree *b)
{
  g_autofree char *difference = test_compare_trees (a, b);

  g_assert_cmpstr (difference, ==, NULL);
}
