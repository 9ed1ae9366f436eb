/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <glib/gi18n.h>

#include "stats.h"
#include "values.h"

/* A number such as -1.234e-05. */
#define NUMBER_WIDTH 10
#define COUNT_WIDTH  5
#define DTYPE_WIDTH  8
/* Whole numbers up to this are told in full. */
#define MAX_WHOLE 1e15

typedef enum
{
  COLUMN_PATH,
  COLUMN_DTYPE,
  COLUMN_SHAPE,
  COLUMN_MIN,
  COLUMN_P1,
  COLUMN_P25,
  COLUMN_MEDIAN,
  COLUMN_P75,
  COLUMN_P99,
  COLUMN_MAX,
  COLUMN_MEAN,
  COLUMN_STD,
  COLUMN_ZEROS,
  COLUMN_NAN,
  COLUMN_INF,
  COLUMN_NOTE,
  N_COLUMNS,
} Column;

static const char *const names[N_COLUMNS] = {
  [COLUMN_PATH] = N_ ("path"),     [COLUMN_DTYPE] = N_ ("dtype"), [COLUMN_SHAPE] = N_ ("shape"),
  [COLUMN_MIN] = N_ ("min"),       [COLUMN_P1] = N_ ("p1"),       [COLUMN_P25] = N_ ("p25"),
  [COLUMN_MEDIAN] = N_ ("median"), [COLUMN_P75] = N_ ("p75"),     [COLUMN_P99] = N_ ("p99"),
  [COLUMN_MAX] = N_ ("max"),       [COLUMN_MEAN] = N_ ("mean"),   [COLUMN_STD] = N_ ("std"),
  [COLUMN_ZEROS] = N_ ("zeros"),   [COLUMN_NAN] = N_ ("NaN"),     [COLUMN_INF] = N_ ("Inf"),
};

/* What is left out first where the terminal is too narrow. */
static const Column spare_columns[] = { COLUMN_SHAPE, COLUMN_DTYPE, COLUMN_ZEROS };

/* Which columns are shown, in their order. */
typedef struct
{
  Column shown[N_COLUMNS];
  guint n;
} Columns;

static gboolean
is_percentile (Column column)
{
  return column >= COLUMN_P1 && column <= COLUMN_P99;
}

static guint
get_width (Column column, const StatsExtent *extent)
{
  char count[24];

  switch ((int) column)
    {
    case COLUMN_PATH:
      return extent->path_width;
    case COLUMN_DTYPE:
      return MAX (extent->dtype_width, DTYPE_WIDTH);
    case COLUMN_SHAPE:
      return extent->shape_width;
    case COLUMN_ZEROS:
      return MAX (g_snprintf (count, sizeof count, "%" G_GUINT64_FORMAT, extent->numel), COUNT_WIDTH);
    case COLUMN_NAN:
    case COLUMN_INF:
      return strlen (names[column]);
    case COLUMN_NOTE:
      return 0;
    default:
      return NUMBER_WIDTH;
    }
}

/* Columns of the terminal, or 0 where the output is no terminal. */
static guint
get_terminal_width (void)
{
  struct winsize size;

  return isatty (STDOUT_FILENO) && ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

static Columns
choose_columns (const Stats *stats, const StatsExtent *extent)
{
  gboolean is_left_out[N_COLUMNS] = { FALSE };
  guint available = get_terminal_width (), width = 0;
  Columns columns = { .n = 0 };

  for (guint i = 0; i < N_COLUMNS; i++)
    {
      is_left_out[i] = is_percentile (i) && !stats->wants_percentiles;
      if (!is_left_out[i] && i != COLUMN_NOTE)
        width += get_width (i, extent) + (i > 0 ? 2 : 0);
    }
  for (guint i = 0; i < G_N_ELEMENTS (spare_columns) && available > 0 && width > available; i++)
    {
      is_left_out[spare_columns[i]] = TRUE;
      width -= get_width (spare_columns[i], extent) + 2;
    }
  for (guint i = 0; i < N_COLUMNS; i++)
    if (!is_left_out[i])
      columns.shown[columns.n++] = i;
  return columns;
}

static void
add_cells (Table *table, const Columns *columns, const char *const *cells)
{
  const char *shown[N_COLUMNS];

  for (guint i = 0; i < columns->n; i++)
    shown[i] = cells[columns->shown[i]];
  table_add (table, shown);
}

static char *
number (double value, gboolean is_whole)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  if (is_whole && fabs (value) < MAX_WHOLE && value == floor (value))
    return g_strdup_printf ("%.0f", value);
  return g_strdup (g_ascii_formatd (buffer, sizeof buffer, "%.4g", value));
}

static char *
count (guint64 n)
{
  return g_strdup_printf ("%" G_GUINT64_FORMAT, n);
}

static void
set_figures (char **cells, const StatsResult *result)
{
  const CkptStats *stats = &result->stats;

  cells[COLUMN_ZEROS] = count (stats->n_zero);
  cells[COLUMN_NAN] = count (stats->n_nan);
  cells[COLUMN_INF] = count (stats->n_pos_inf + stats->n_neg_inf);
  if (stats->n_finite == 0)
    return;
  cells[COLUMN_MIN] = number (stats->min, result->is_whole);
  cells[COLUMN_MAX] = number (stats->max, result->is_whole);
  cells[COLUMN_MEAN] = number (stats->mean, FALSE);
  cells[COLUMN_STD] = number (stats->std, FALSE);
  for (guint i = 0; result->has_percentiles && i < N_PERCENTILES; i++)
    cells[COLUMN_P1 + i] = number (result->percentiles[i], result->is_whole);
}

static void
append_note (GString *note, const char *text)
{
  if (note->len > 0)
    g_string_append (note, ", ");
  g_string_append (note, text);
}

static void
append_quantizer (GString *note, const CkptTensor *tensor)
{
  char scale[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *text = NULL;

  if (tensor->quantizer == NULL || tensor->quantizer->scheme != CKPT_QSCHEME_PER_TENSOR)
    return;
  g_ascii_formatd (scale, sizeof scale, "%.4g", tensor->quantizer->scale);
  text = g_strdup_printf (_ ("scale %s, zero point %" G_GINT64_FORMAT), scale, tensor->quantizer->zero_point);
  append_note (note, text);
}

/* What the figures do not say. */
static char *
make_note (const StatsRow *row)
{
  GString *note = g_string_new (NULL);
  const StatsResult *result = row->result;

  if (row->problem != NULL)
    append_note (note, row->problem);
  if (row->item->tensor != NULL)
    append_quantizer (note, row->item->tensor);
  if (result == NULL)
    return g_string_free_and_steal (note);
  if (result->error != NULL)
    append_note (note, _ ("unreadable"));
  if (result->stats.is_magnitude)
    append_note (note, _ ("magnitudes"));
  if (result->stats.n_missing > 0)
    {
      g_autofree char *missing = ckpt_text_count (result->stats.n_missing);
      g_autofree char *text = g_strdup_printf (_ ("%s missing"), missing);

      append_note (note, text);
    }
  return g_string_free_and_steal (note);
}

static void
set_names (char **cells, const StatsRow *row)
{
  const CkptTensor *tensor = row->item->tensor;

  if (tensor != NULL)
    {
      cells[COLUMN_DTYPE] = g_strdup (ckpt_dtype_get_name (tensor->dtype));
      cells[COLUMN_SHAPE] = shape_to_string (tensor);
    }
  else
    cells[COLUMN_SHAPE] = g_strdup_printf (ngettext ("%u tensor", "%u tensors", row->n_tensors),
                                           row->n_tensors);
}

static void
begin (Stats *stats, const StatsExtent *extent)
{
  Columns columns = choose_columns (stats, extent);
  const char *cells[N_COLUMNS] = { NULL };

  session_print_heading (stats->session);
  stats->table = table_new (stats->session->output, columns.n, "");
  for (guint i = 0; i < columns.n; i++)
    {
      Column column = columns.shown[i];

      table_set_width (stats->table, i, get_width (column, extent));
      if (column >= COLUMN_MIN && column != COLUMN_NOTE)
        table_set_right (stats->table, i);
      cells[column] = names[column] != NULL ? _ (names[column]) : NULL;
    }
  stats->columns = g_memdup2 (&columns, sizeof columns);
  add_cells (stats->table, &columns, cells);
  table_fix_widths (stats->table);
}

static void
add (Stats *stats, const StatsRow *row)
{
  char *cells[N_COLUMNS] = { NULL };

  set_names (cells, row);
  if (row->result != NULL && row->result->error == NULL)
    set_figures (cells, row->result);
  cells[COLUMN_PATH] = g_strdup (row->item->text);
  cells[COLUMN_NOTE] = make_note (row);
  add_cells (stats->table, stats->columns, (const char *const *) cells);
  for (guint i = 0; i < N_COLUMNS; i++)
    g_free (cells[i]);
}

static void
flush (Stats *stats)
{
  table_print (stats->table);
}

static void
end (Stats *stats)
{
  table_print (stats->table);
  g_clear_pointer (&stats->table, table_free);
  g_clear_pointer (&stats->columns, g_free);
}

const StatsWriter stats_text_writer = { begin, add, flush, end };
