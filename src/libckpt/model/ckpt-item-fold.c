/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-item-fold.h"

#include <string.h>

#include "model/ckpt-tensor.h"
#include "model/ckpt-walker.h"

#define MIN_FOLDED 2u /* rows that are worth one row for all */
#define MAX_DIGITS 18 /* of a number in a key */
#define MAX_WALKED \
  500000u /* values that are looked at under all rows: values may be shared, and then there is no end of them */

/* Sums up what is under a row: rows of one structure have the same sum. A hash that nobody can make collide, as the names come from a
 * file. */
typedef struct
{
  CkptTree *tree;
  GChecksum *sum;
  guint32 n_left; /* values that may still be looked at */
} Structure;

/* The key of a row from where it shows it, of a key that is text. */
static const char *
peek_part (CkptTree *tree, const CkptItemRows *rows, const CkptItemRow *row, gsize *length)
{
  const char *text = ckpt_item_rows_peek_key (tree, rows->container,
                                              ckpt_item_rows_get_member (rows, row->first), length);

  if (text == NULL || rows->offset > *length)
    return NULL;
  *length -= rows->offset;
  return text + rows->offset;
}

/* The number that a text begins with, up to its end or a dot. */
static gboolean
parse_number (const char *text, gsize length, gint64 *number, gsize *n_digits)
{
  gsize n = 0;

  *number = 0;
  while (n < length && n < MAX_DIGITS && g_ascii_isdigit (text[n]))
    *number = *number * 10 + (text[n++] - '0');
  *n_digits = n;
  return n > 0 && (n == 1 || text[0] != '0') && (n == length || text[n] == '.');
}

/* Finds the number under which a row stands, and where in its part of the key that ends: a module that holds only another one is one row
 * with it, such as `3.conv`. */
static gboolean
get_number (CkptTree *tree, const CkptItemRows *rows, const CkptItemRow *row, gint64 *number, gsize *n_digits)
{
  gsize length;
  const char *text = peek_part (tree, rows, row, &length);
  CkptChild step;

  if (text != NULL)
    return parse_number (text, length, number, n_digits);
  *n_digits = 0;
  ckpt_tree_get_child (tree, rows->container, ckpt_item_rows_get_member (rows, row->first), &step);
  *number = (gint64) step.index;
  if (step.kind == CKPT_STEP_INDEX)
    return TRUE;
  return step.kind == CKPT_STEP_KEY && ckpt_tree_get_int (tree, step.key, number);
}

static void
add (Structure *self, gconstpointer data, gsize length)
{
  g_checksum_update (self->sum, data, (gssize) length);
}

static void
add_number (Structure *self, guint64 number)
{
  add (self, &number, sizeof number);
}

static void
add_text (Structure *self, const char *text, gsize length)
{
  add_number (self, length);
  add (self, text, length);
}

static gboolean
is_container (CkptKind kind)
{
  return kind == CKPT_KIND_LIST || kind == CKPT_KIND_TUPLE || kind == CKPT_KIND_DICT ||
         kind == CKPT_KIND_OBJECT;
}

/* What a value is, without what it holds. */
static void
add_value (Structure *self, CkptNodeId node)
{
  const CkptTensor *tensor = ckpt_tree_get_node_tensor (self->tree, node);

  add_number (self, (guint64) ckpt_tree_get_kind (self->tree, node));
  if (tensor == NULL)
    return;
  add_number (self, (guint64) tensor->dtype);
  add_number (self, tensor->n_dims);
  for (guint i = 0; i < tensor->n_dims; i++)
    add_number (self, (guint64) tensor->shape[i]);
}

/* Adds a value and everything in it; FALSE if that is too much. */
static gboolean
add_tree (Structure *self, CkptNodeId node)
{
  g_autoptr (CkptWalker) walker = NULL;
  CkptChild child;

  add_value (self, node);
  if (!is_container (ckpt_tree_get_kind (self->tree, node)))
    return TRUE;
  walker = ckpt_walker_new (self->tree, node);
  while (ckpt_walker_next (walker, &child))
    {
      g_autofree char *label = ckpt_path_step_to_label (self->tree, &child);

      if (self->n_left == 0)
        return FALSE;
      self->n_left--;
      add_number (self, ckpt_path_get_length (ckpt_walker_get_path (walker)));
      add_text (self, label, strlen (label));
      add_value (self, child.node);
      if (is_container (ckpt_tree_get_kind (self->tree, child.node)))
        ckpt_walker_enter (walker);
    }
  return TRUE;
}

static gboolean
add_member (Structure *self, const CkptItemRows *rows, guint32 member, gsize offset)
{
  guint32 number = ckpt_item_rows_get_member (rows, member);
  gsize length;
  const char *text = ckpt_item_rows_peek_key (self->tree, rows->container, number, &length);
  CkptChild child;

  ckpt_tree_get_child (self->tree, rows->container, number, &child);
  if (text != NULL)
    add_text (self, text + MIN (offset, length), length - MIN (offset, length));
  return add_tree (self, child.node);
}

/* Returns: (nullable): what the structure under a row comes to, if it stands under a number and is no single value. */
static char *
dup_structure (Structure *self, const CkptItemRows *rows, const CkptItemRow *row)
{
  gint64 number;
  gsize n_digits, length;
  CkptChild child;

  if (self->n_left == 0 || !get_number (self->tree, rows, row, &number, &n_digits))
    return NULL;
  ckpt_tree_get_child (self->tree, rows->container, ckpt_item_rows_get_member (rows, row->first), &child);
  if (row->n == 1 && !is_container (ckpt_tree_get_kind (self->tree, child.node)) &&
      (peek_part (self->tree, rows, row, &length) == NULL || length == n_digits))
    return NULL;
  g_checksum_reset (self->sum);
  add_number (self, row->n);
  for (guint32 i = 0; i < row->n; i++)
    if (self->n_left == 0 || !add_member (self, rows, row->first + i, rows->offset + n_digits))
      return NULL;
  return g_strdup (g_checksum_get_string (self->sum));
}

static void
append_shown (GArray *shown, guint32 first, guint32 n)
{
  CkptItemFold fold = { first, n };

  if (n >= MIN_FOLDED)
    {
      g_array_append_val (shown, fold);
      return;
    }
  fold.n = 1;
  for (guint32 i = 0; i < n; i++)
    {
      fold.first = first + i;
      g_array_append_val (shown, fold);
    }
}

/**
 * ckpt_item_fold_rows:
 * @rows: rows that are in order
 *
 * Finds the rows that repeat the one before: they stand under numbers, and what is under them has the same names, types and shapes. Of
 * such a run the first is shown, and the others are one.
 */
void
ckpt_item_fold_rows (CkptTree *tree, CkptItemRows *rows)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  Structure structure = { tree, sum, MAX_WALKED };
  GArray *shown = g_array_new (FALSE, FALSE, sizeof (CkptItemFold));
  g_autofree char *last = NULL;
  guint32 first = 0; /* of those that repeat the one before */

  for (guint32 i = 0; i < rows->n_rows; i++)
    {
      CkptItemRow row;
      char *text;

      ckpt_item_rows_get (rows, i, &row);
      text = dup_structure (&structure, rows, &row);
      if (text == NULL || g_strcmp0 (text, last) != 0)
        {
          append_shown (shown, first, i - first);
          append_shown (shown, i, 1);
          first = i + 1;
        }
      g_free (last);
      last = text;
    }
  append_shown (shown, first, rows->n_rows - first);
  if (shown->len < rows->n_rows)
    {
      rows->n_shown = shown->len;
      rows->shown = (CkptItemFold *) (void *) g_array_free (shown, FALSE);
      return;
    }
  g_array_unref (shown);
}

/**
 * ckpt_item_fold_get_numbers:
 * @first: the first row of a fold
 * @n: rows of it, at least 1
 * @low: (out): the lowest number that they stand under
 * @high: (out): the highest
 */
void
ckpt_item_fold_get_numbers (CkptTree *tree,
                            const CkptItemRows *rows,
                            guint32 first,
                            guint32 n,
                            gint64 *low,
                            gint64 *high)
{
  for (guint32 i = first; i < first + n; i++)
    {
      CkptItemRow row;
      gint64 number = 0;
      gsize n_digits;

      ckpt_item_rows_get (rows, i, &row);
      get_number (tree, rows, &row, &number, &n_digits);
      *low = i == first ? number : MIN (*low, number);
      *high = i == first ? number : MAX (*high, number);
    }
}
