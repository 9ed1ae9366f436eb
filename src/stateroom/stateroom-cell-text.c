/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-cell-text.h"

#include "stateroom-format.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* Digits that count of a number in a cell, and of each part of a complex one. */
#define N_DIGITS      4
#define N_PART_DIGITS 3

static StateroomCellKind
get_kind (const double *parts, guint n_parts)
{
  gboolean is_zero = TRUE, is_infinite = FALSE;

  for (guint i = 0; i < n_parts; i++)
    {
      if (isnan (parts[i]))
        return STATEROOM_CELL_NAN;
      is_infinite |= isinf (parts[i]) != 0;
      is_zero &= parts[i] == 0;
    }
  if (is_infinite)
    return STATEROOM_CELL_INFINITE;
  return is_zero ? STATEROOM_CELL_ZERO : STATEROOM_CELL_PLAIN;
}

static char *
format_number (double value, int n_digits)
{
  if (isnan (value))
    return g_strdup ("NaN");
  if (isinf (value))
    return g_strdup (value > 0 ? "∞" : "−∞");
  if (value == 0)
    return g_strdup (signbit (value) ? "−0" : "0");
  return stateroom_format_number (value, n_digits);
}

static char *
format_complex (const double *parts)
{
  g_autofree char *real = format_number (parts[0], N_PART_DIGITS);
  g_autofree char *imaginary = format_number (parts[1], N_PART_DIGITS);

  return g_strconcat (real, g_str_has_prefix (imaginary, "−") ? "" : "+", imaginary, "j", NULL);
}

/* As the library writes it, with a minus that is as wide as a digit. */
static char *
format_exact (CkptDtype dtype, const void *item)
{
  g_autofree char *text = ckpt_dtype_item_to_string (dtype, item);

  return text[0] == '-' ? g_strconcat ("−", text + 1, NULL) : g_steal_pointer (&text);
}

/**
 * stateroom_cell_text_short:
 * @cells: cells
 * @row: a row of the slice that is among them
 * @column: a column
 * @kind: (out): what the value is
 *
 * Returns: (transfer full): the value with as many digits as a cell has room for; whole numbers have all of theirs
 */
char *
stateroom_cell_text_short (const CkptCells *cells, guint64 row, guint64 column, StateroomCellKind *kind)
{
  const void *item = ckpt_cells_get_item (cells, row, column);
  CkptDtype dtype = ckpt_cells_get_dtype (cells);
  CkptDtypeClass dtype_class = ckpt_dtype_get_info (dtype)->dtype_class;
  double parts[2];

  if (item == NULL)
    {
      *kind = STATEROOM_CELL_MISSING;
      return g_strdup ("—");
    }
  if (dtype == CKPT_DTYPE_FLOAT4_E2M1FN_X2)
    {
      *kind = STATEROOM_CELL_PLAIN;
      return format_exact (dtype, item);
    }
  if (dtype_class == CKPT_CLASS_COMPLEX)
    {
      ckpt_dtype_to_complex (dtype, item, 1, parts);
      *kind = get_kind (parts, 2);
      return format_complex (parts);
    }
  ckpt_dtype_to_doubles (dtype, item, 1, parts);
  *kind = get_kind (parts, 1);
  if (dtype_class == CKPT_CLASS_FLOAT)
    return format_number (parts[0], N_DIGITS);
  return format_exact (dtype, item);
}

/**
 * stateroom_cell_text_full:
 * @cells: cells
 * @row: a row of the slice that is among them
 * @column: a column
 *
 * Returns: (transfer full): the value with all digits, or that it is missing
 */
char *
stateroom_cell_text_full (const CkptCells *cells, guint64 row, guint64 column)
{
  char *text = ckpt_cells_dup_text (cells, row, column);

  return text != NULL ? text : g_strdup (_ ("missing from the file"));
}

/**
 * stateroom_cell_text_get_widest:
 * @dtype: a type of elements
 *
 * Returns: a text that is as wide as most of that type get
 */
const char *
stateroom_cell_text_get_widest (CkptDtype dtype)
{
  const CkptDtypeInfo *info = ckpt_dtype_get_info (dtype);

  switch ((int) info->dtype_class)
    {
    case CKPT_CLASS_COMPLEX:
      return "−0.00e−00−0.00e−00j";
    case CKPT_CLASS_BOOL:
      return "False";
    case CKPT_CLASS_FLOAT:
    case CKPT_CLASS_QUANTIZED:
      return "−0.000e−00";
    default:
      return info->item_size == 1 ? "−000" : info->item_size == 2 ? "−00000" : "−0000000";
    }
}
