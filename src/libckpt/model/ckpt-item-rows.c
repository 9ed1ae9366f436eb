/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-item-rows.h"

#include <string.h>

#include "model/ckpt-item-fold.h"
#include "model/ckpt-natural.h"

#define MAX_SPLIT 1000000u /* children of a dict whose keys are still split */

/* A part of a key between two dots. */
typedef struct
{
  const char *text;
  gsize length;
} Part;

/* Members that follow each other and have the same part, or one member whose key has no further dot (its text is NULL). */
typedef struct
{
  Part part;
  guint32 number;
  guint32 leader; /* the first run with the same part */
  guint32 group;
} Run;

/* Members that are being sorted into groups. */
typedef struct
{
  CkptTree *tree;
  CkptItemRows *rows;
  guint32 *run_of; /* of each member */
  GArray *runs;
  guint32 n_groups;
} Grouping;

static gboolean
part_equal (gconstpointer a, gconstpointer b)
{
  const Part *x = a, *y = b;

  return x->length == y->length && memcmp (x->text, y->text, x->length) == 0;
}

/**
 * ckpt_item_rows_peek_key:
 * @child: number of a child of @container
 * @length: (out): bytes of the text
 *
 * Returns: (transfer none) (nullable): the key, if it is a text that is wholly in memory
 */
const char *
ckpt_item_rows_peek_key (CkptTree *tree, CkptNodeId container, guint32 child, gsize *length)
{
  CkptChild step;
  guint64 full_length;
  const char *text;

  ckpt_tree_get_child (tree, container, child, &step);
  if (step.kind != CKPT_STEP_KEY || ckpt_tree_get_kind (tree, step.key) != CKPT_KIND_STRING)
    return NULL;
  text = ckpt_tree_peek_text (tree, step.key, length, &full_length);
  return full_length == *length ? text : NULL;
}

/**
 * ckpt_item_rows_get_member:
 * @i: number of a member
 *
 * Returns: the number of that child in the container
 */
guint32
ckpt_item_rows_get_member (const CkptItemRows *self, guint32 i)
{
  return self->members != NULL ? self->members[i] : i;
}

/**
 * ckpt_item_rows_get:
 * @i: number of a row
 * @row: (out caller-allocates): the row
 */
void
ckpt_item_rows_get (const CkptItemRows *self, guint32 i, CkptItemRow *row)
{
  if (self->rows != NULL)
    *row = self->rows[i];
  else
    *row = (CkptItemRow) { .first = i, .n = 1 };
}

/**
 * ckpt_item_rows_get_shown:
 * @i: number of what is shown
 * @fold: (out caller-allocates): the rows that it stands for
 */
void
ckpt_item_rows_get_shown (const CkptItemRows *self, guint32 i, CkptItemFold *fold)
{
  if (self->shown != NULL)
    *fold = self->shown[i];
  else
    *fold = (CkptItemFold) { i, 1 };
}

/**
 * ckpt_item_rows_find_shown:
 * @row: number of a row
 *
 * Returns: the number of what it is shown in
 */
guint32
ckpt_item_rows_find_shown (const CkptItemRows *self, guint32 row)
{
  guint32 low = 0, high = self->n_shown;

  if (self->shown == NULL)
    return row;
  while (high - low > 1)
    {
      guint32 middle = low + (high - low) / 2;

      if (self->shown[middle].first <= row)
        low = middle;
      else
        high = middle;
    }
  return low;
}

/* The part of member @i's key from @offset to the next dot; FALSE if there is no dot. */
static gboolean
get_part (CkptTree *tree, const CkptItemRows *rows, guint32 i, guint32 offset, Part *part)
{
  gsize length;
  guint32 child = ckpt_item_rows_get_member (rows, i);
  const char *text = ckpt_item_rows_peek_key (tree, rows->container, child, &length);
  const char *dot;

  if (text == NULL || offset > length)
    return FALSE;
  dot = memchr (text + offset, '.', length - offset);
  if (dot == NULL)
    return FALSE;
  part->text = text + offset;
  part->length = (gsize) (dot - part->text);
  return TRUE;
}

static void
find_runs (Grouping *self)
{
  for (guint32 i = 0; i < self->rows->n_members; i++)
    {
      Run run = { .number = self->runs->len, .leader = self->runs->len };
      const Run *last = run.number > 0 ? &g_array_index (self->runs, Run, run.number - 1) : NULL;

      if (!get_part (self->tree, self->rows, i, self->rows->offset, &run.part))
        run.part = (Part) { NULL, 0 };
      if (last == NULL || run.part.text == NULL || last->part.text == NULL ||
          !part_equal (&run.part, &last->part))
        g_array_append_val (self->runs, run);
      self->run_of[i] = self->runs->len - 1;
    }
}

static int
compare_runs (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Run *runs = user_data, *x = &runs[*(const guint32 *) a], *y = &runs[*(const guint32 *) b];
  int order = memcmp (x->part.text, y->part.text, MIN (x->part.length, y->part.length));

  if (order != 0)
    return order;
  if (x->part.length != y->part.length)
    return x->part.length < y->part.length ? -1 : 1;
  return (x->number > y->number) - (x->number < y->number);
}

/* By sorting, not hashing: the keys come from a file, which may have been made so that they all collide. */
static void
find_leaders (Grouping *self)
{
  Run *runs = (Run *) (void *) self->runs->data;
  g_autoptr (GArray) order = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint32 i = 0; i < self->runs->len; i++)
    if (runs[i].part.text != NULL)
      g_array_append_val (order, i);
  g_array_sort_with_data (order, compare_runs, runs);
  for (guint i = 1; i < order->len; i++)
    {
      Run *last = &runs[g_array_index (order, guint32, i - 1)];
      Run *run = &runs[g_array_index (order, guint32, i)];

      if (part_equal (&run->part, &last->part))
        run->leader = last->leader;
    }
}

/* Numbers the groups in the order of their first members. */
static void
number_groups (Grouping *self)
{
  Run *runs = (Run *) (void *) self->runs->data;

  self->n_groups = 0;
  for (guint32 i = 0; i < self->runs->len; i++)
    runs[i].group = runs[i].leader == i ? self->n_groups++ : runs[runs[i].leader].group;
}

static guint32
get_group (const Grouping *self, guint32 member)
{
  return g_array_index (self->runs, Run, self->run_of[member]).group;
}

/* Brings the members of each group together, without changing their order within it. */
static void
order_members (Grouping *self)
{
  CkptItemRows *rows = self->rows;
  guint32 *ordered = g_new (guint32, rows->n_members);
  guint32 *next = g_new (guint32, self->n_groups);
  guint32 first = 0;

  rows->rows = g_new0 (CkptItemRow, self->n_groups);
  rows->n_rows = self->n_groups;
  for (guint32 i = 0; i < rows->n_members; i++)
    rows->rows[get_group (self, i)].n++;
  for (guint32 i = 0; i < self->n_groups; i++)
    {
      next[i] = rows->rows[i].first = first;
      first += rows->rows[i].n;
    }
  for (guint32 i = 0; i < rows->n_members; i++)
    ordered[next[get_group (self, i)]++] = ckpt_item_rows_get_member (rows, i);
  g_free (next);
  g_free (rows->members);
  rows->members = ordered;
}

/* The part that all members of a module have next, if they do: then the module has one child only, and is one row with it. */
static gboolean
get_common_part (CkptTree *tree, const CkptItemRows *rows, const CkptItemRow *row, guint32 offset, Part *part)
{
  if (!get_part (tree, rows, row->first, offset, part))
    return FALSE;
  for (guint32 i = 1; i < row->n; i++)
    {
      Part other;

      if (!get_part (tree, rows, row->first + i, offset, &other) || !part_equal (part, &other))
        return FALSE;
    }
  return TRUE;
}

static void
find_label_end (CkptTree *tree, const CkptItemRows *rows, CkptItemRow *row)
{
  Part part;

  if (row->n == 1)
    return;
  get_part (tree, rows, row->first, rows->offset, &part);
  row->label_end = rows->offset + (guint32) part.length;
  while (get_common_part (tree, rows, row, row->label_end + 1, &part))
    row->label_end += 1 + (guint32) part.length;
}

static void
split_keys (CkptTree *tree, CkptItemRows *rows)
{
  Grouping grouping = { .tree = tree, .rows = rows };

  grouping.run_of = g_new (guint32, MAX (rows->n_members, 1));
  grouping.runs = g_array_new (FALSE, FALSE, sizeof (Run));
  find_runs (&grouping);
  find_leaders (&grouping);
  number_groups (&grouping);
  if (grouping.n_groups < rows->n_members)
    {
      order_members (&grouping);
      for (guint32 i = 0; i < rows->n_rows; i++)
        find_label_end (tree, rows, &rows->rows[i]);
    }
  g_array_unref (grouping.runs);
  g_free (grouping.run_of);
}

/* A row and the name to sort it by. */
typedef struct
{
  const char *text;
  gsize length;
  char *label; /* owned, where @text is no text of the file */
  guint32 number;
  CkptItemRow row;
} SortedRow;

static int
compare_rows (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const SortedRow *x = a, *y = b;
  int order = ckpt_natural_compare (x->text, x->length, y->text, y->length);

  return order != 0 ? order : (x->number > y->number) - (x->number < y->number);
}

static void
get_sorted_row (CkptTree *tree, const CkptItemRows *rows, guint32 i, SortedRow *sorted)
{
  guint32 child;

  ckpt_item_rows_get (rows, i, &sorted->row);
  child = ckpt_item_rows_get_member (rows, sorted->row.first);
  sorted->number = i;
  sorted->label = NULL;
  sorted->text = ckpt_item_rows_peek_key (tree, rows->container, child, &sorted->length);
  if (sorted->text == NULL)
    {
      CkptChild step;

      ckpt_tree_get_child (tree, rows->container, child, &step);
      sorted->text = sorted->label = ckpt_path_step_to_label (tree, &step);
      sorted->length = strlen (sorted->text);
      return;
    }
  if (sorted->row.n > 1)
    sorted->length = sorted->row.label_end;
  sorted->text += MIN (rows->offset, sorted->length);
  sorted->length -= MIN (rows->offset, sorted->length);
}

static void
sort_by_name (CkptTree *tree, CkptItemRows *rows)
{
  SortedRow *sorted = g_new (SortedRow, MAX (rows->n_rows, 1));

  for (guint32 i = 0; i < rows->n_rows; i++)
    get_sorted_row (tree, rows, i, &sorted[i]);
  g_sort_array (sorted, rows->n_rows, sizeof *sorted, compare_rows, NULL);
  if (rows->rows == NULL)
    rows->rows = g_new (CkptItemRow, MAX (rows->n_rows, 1));
  for (guint32 i = 0; i < rows->n_rows; i++)
    {
      rows->rows[i] = sorted[i].row;
      g_free (sorted[i].label);
    }
  g_free (sorted);
}

static gboolean
is_sortable (CkptTree *tree, CkptNodeId container)
{
  CkptKind kind = ckpt_tree_get_kind (tree, container);

  return kind == CKPT_KIND_DICT || kind == CKPT_KIND_OBJECT;
}

/**
 * ckpt_item_rows_new:
 * @container: a value with children
 * @members: (nullable) (array length=n_members): the children to show, or %NULL for all
 * @n_members: how many
 * @offset: byte of their keys from which they are shown
 * @flags: how they are shown
 *
 * Finds the rows under a container or a module. Takes a time that grows with @n_members.
 *
 * Returns: (transfer full): the rows
 */
CkptItemRows *
ckpt_item_rows_new (CkptTree *tree,
                    CkptNodeId container,
                    const guint32 *members,
                    guint32 n_members,
                    guint32 offset,
                    CkptItemFlags flags)
{
  CkptItemRows *self = g_new0 (CkptItemRows, 1);

  self->container = container;
  self->n_members = self->n_rows = n_members;
  self->offset = offset;
  if (members != NULL)
    self->members = g_memdup2 (members, sizeof (guint32) * n_members);
  if ((flags & CKPT_ITEM_SPLIT_KEYS) && n_members <= MAX_SPLIT &&
      ckpt_tree_get_kind (tree, container) == CKPT_KIND_DICT)
    split_keys (tree, self);
  if ((flags & CKPT_ITEM_BY_NAME) && is_sortable (tree, container))
    sort_by_name (tree, self);
  self->n_shown = self->n_rows;
  if ((flags & CKPT_ITEM_FOLD_BLOCKS) && (flags & CKPT_ITEM_SPLIT_KEYS) && self->n_rows <= CKPT_ITEM_MAX_ROWS)
    ckpt_item_fold_rows (tree, self);
  return self;
}

/**
 * ckpt_item_rows_free:
 */
void
ckpt_item_rows_free (CkptItemRows *self)
{
  g_free (self->members);
  g_free (self->rows);
  g_free (self->shown);
  g_free (self);
}
