/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * CkptPlotNumberStyle:
 * @decimal_point: text between whole and fraction
 * @group_separator: text between thousands
 *
 * How numbers are written. All zero bytes means "." and ",".
 */
typedef struct
{
  char decimal_point[8];
  char group_separator[8];
} CkptPlotNumberStyle;

/**
 * CkptPlotDecimal:
 * @digits: the digits, with the sign
 * @exponent: of ten
 *
 * The number @digits x 10^@exponent. Ticks are kept so, as many of them have no exact double.
 */
typedef struct
{
  gint64 digits;
  int exponent;
} CkptPlotDecimal;

double ckpt_plot_decimal_to_double      (CkptPlotDecimal            decimal);
char  *ckpt_plot_decimal_format_plain   (CkptPlotDecimal            decimal,
                                         int                        n_decimals,
                                         const CkptPlotNumberStyle *style);
char  *ckpt_plot_decimal_format_power   (CkptPlotDecimal            decimal,
                                         const CkptPlotNumberStyle *style);
char  *ckpt_plot_decimal_format_unit    (CkptPlotDecimal            decimal,
                                         const CkptPlotNumberStyle *style);
char  *ckpt_plot_number_format          (double                     value,
                                         int                        n_digits,
                                         const CkptPlotNumberStyle *style);
char  *ckpt_plot_number_format_count    (guint64                    count,
                                         const CkptPlotNumberStyle *style);
char  *ckpt_plot_number_format_count_short (guint64                count,
                                         const CkptPlotNumberStyle *style);
int    ckpt_plot_number_digits_between  (double                     low,
                                         double                     high);
int    ckpt_plot_number_digits_of_range (double                     low,
                                         double                     high,
                                         gboolean                   is_whole);

G_END_DECLS
