/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table.h"

#include <string.h>

#define MAX_COLUMNS 16
/* One long text pushes its own row out, not every other row. */
#define MAX_WIDTH 72
/* So much is held back for the widths to be known; a longer table goes out in parts. */
#define MAX_HELD ((gsize) 32 << 20)

struct _Table
{
  Output *output;
  const char *indent;
  guint n_columns;
  guint n_rows;
  gboolean is_fixed;
  gboolean is_right[MAX_COLUMNS];
  guint widths[MAX_COLUMNS];
  GString *cells;      /* the cells of all rows, each ended by a NUL */
  GArray *cell_widths; /* guint for each */
};

static guint
measure_character (gunichar c)
{
  if (g_unichar_iszerowidth (c))
    return 0;
  return g_unichar_iswide (c) ? 2 : 1;
}

/* Columns of a terminal that a text takes. */
static guint
measure (const char *text, gsize length)
{
  guint8 all = 0;
  guint width = 0;

  for (gsize i = 0; i < length; i++)
    all |= (guint8) text[i];
  if (all < 0x80)
    return length;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    width += measure_character (g_utf8_get_char (p));
  return width;
}

static void
add_cell (Table *self, guint column, const char *text)
{
  g_autofree char *other = output_dup_other (self->output, text);
  const char *shown = other != NULL ? other : text;
  gsize length = strlen (shown);
  guint width = measure (shown, length);

  g_string_append_len (self->cells, shown, length + 1);
  g_array_append_val (self->cell_widths, width);
  if (width <= MAX_WIDTH && !self->is_fixed)
    self->widths[column] = MAX (self->widths[column], width);
}

/**
 * table_new:
 * @n_columns: how many cells each row has, at most 16
 * @indent: (type utf8): put before each row; a literal
 *
 * Returns: (transfer full): an empty table
 */
Table *
table_new (Output *output, guint n_columns, const char *indent)
{
  Table *self = g_new0 (Table, 1);

  g_return_val_if_fail (n_columns <= MAX_COLUMNS, NULL);

  self->output = output;
  self->indent = indent;
  self->n_columns = n_columns;
  self->cells = g_string_new (NULL);
  self->cell_widths = g_array_new (FALSE, FALSE, sizeof (guint));
  return self;
}

void
table_free (Table *self)
{
  g_string_free (self->cells, TRUE);
  g_array_unref (self->cell_widths);
  g_free (self);
}

/**
 * table_set_right:
 *
 * Aligns the column at its right edge.
 */
void
table_set_right (Table *self, guint column)
{
  self->is_right[column] = TRUE;
}

/**
 * table_set_width:
 * @width: columns of a terminal that the widest text will need, as far as that is known
 *
 * Makes rows that go out before the others are known as wide as these.
 */
void
table_set_width (Table *self, guint column, guint width)
{
  self->widths[column] = MAX (self->widths[column], MIN (width, MAX_WIDTH));
}

/**
 * table_fix_widths:
 *
 * Keeps the columns as wide as they are: what is wider pushes its own row out, so that rows look the same whenever they go out.
 */
void
table_fix_widths (Table *self)
{
  self->is_fixed = TRUE;
}

/**
 * table_add:
 * @cells: (array): one UTF-8 text for each column, escaped where it comes from a file; NULL for an empty one
 */
void
table_add (Table *self, const char *const *cells)
{
  for (guint i = 0; i < self->n_columns; i++)
    add_cell (self, i, cells[i] != NULL ? cells[i] : "");

  self->n_rows++;
  if (self->cells->len > MAX_HELD)
    table_print (self);
}

static void
pad (Output *output, guint n)
{
  static const char spaces[] = "                                                                        ";

  for (; n > sizeof spaces - 1; n -= sizeof spaces - 1)
    output_write (output, spaces, sizeof spaces - 1);
  output_write (output, spaces, n);
}

/* Prints one row, without spaces at its end, and returns where the next one begins. */
static const char *
print_row (Table *self, const char *cell, const guint *widths)
{
  guint due = 0;

  output_text (self->output, self->indent);
  for (guint i = 0; i < self->n_columns; i++)
    {
      gsize length = strlen (cell);
      guint space = widths[i] < self->widths[i] ? self->widths[i] - widths[i] : 0;

      if (length > 0)
        {
          pad (self->output, self->is_right[i] ? due + space : due);
          due = 0;
          output_write (self->output, cell, length);
        }

      due += length > 0 && self->is_right[i] ? 0 : space;
      due += length > 0 || self->widths[i] > 0 ? 2 : 0;
      cell += length + 1;
    }

  output_text (self->output, "\n");
  return cell;
}

/**
 * table_print:
 *
 * Prints the rows that were added since the last time, and forgets them. Columns do not become narrower.
 */
void
table_print (Table *self)
{
  const char *cell = self->cells->str;

  for (guint row = 0; row < self->n_rows && !output_has_failed (self->output); row++)
    cell = print_row (self, cell, &g_array_index (self->cell_widths, guint, row * self->n_columns));

  g_string_truncate (self->cells, 0);
  g_array_set_size (self->cell_widths, 0);
  self->n_rows = 0;
}
