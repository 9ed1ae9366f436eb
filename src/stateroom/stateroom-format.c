/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-format.h"

#include <locale.h>
#include <string.h>

/**
 * stateroom_format_get_style:
 *
 * Returns: (transfer none): how the user's language writes numbers; thousands are grouped in every language
 */
const CkptPlotNumberStyle *
stateroom_format_get_style (void)
{
  static CkptPlotNumberStyle style;
  static gsize once = 0;

  if (g_once_init_enter (&once))
    {
      const struct lconv *locale = localeconv ();

      g_strlcpy (style.decimal_point, locale->decimal_point, sizeof style.decimal_point);
      g_strlcpy (style.group_separator, locale->thousands_sep, sizeof style.group_separator);
      /* Without a separator of its own the C locale's one is used, which must not be taken for a decimal point. */
      if (style.group_separator[0] == '\0' && g_str_equal (style.decimal_point, ","))
        g_strlcpy (style.group_separator, "\342\200\257", sizeof style.group_separator);
      g_once_init_leave (&once, 1);
    }
  return &style;
}

/* What the library writes in the C locale, in the user's. */
static char *
localize (char *text)
{
  g_autofree char *plain = text;
  const CkptPlotNumberStyle *style = stateroom_format_get_style ();
  GString *result = g_string_new (NULL);

  for (const char *p = plain; *p != '\0'; p++)
    {
      if (*p == '.' && style->decimal_point[0] != '\0')
        g_string_append (result, style->decimal_point);
      else if (*p == ',' && style->group_separator[0] != '\0')
        g_string_append (result, style->group_separator);
      else
        g_string_append_c (result, *p);
    }
  return g_string_free_and_steal (result);
}

/**
 * stateroom_format_count:
 * @n: a count
 *
 * Returns: (transfer full): "1,769,472"
 */
char *
stateroom_format_count (guint64 n)
{
  return localize (ckpt_text_count (n));
}

/**
 * stateroom_format_short_count:
 * @n: a count
 *
 * Returns: (transfer full): "1.8 M"
 */
char *
stateroom_format_short_count (guint64 n)
{
  return localize (ckpt_text_short_count (n));
}

/**
 * stateroom_format_bytes:
 * @n_bytes: bytes
 *
 * Returns: (transfer full): "7.1 MB"
 */
char *
stateroom_format_bytes (guint64 n_bytes)
{
  return localize (ckpt_text_bytes (n_bytes));
}

/**
 * stateroom_format_number:
 * @value: any number
 * @n_digits: digits that count
 *
 * Returns: (transfer full): "−1.2e−5"
 */
char *
stateroom_format_number (double value, int n_digits)
{
  return ckpt_plot_number_format (value, n_digits, stateroom_format_get_style ());
}

/**
 * stateroom_format_label:
 * @text: text of a file, perhaps escaped already
 *
 * Returns: (transfer full): the same, safe to show and short enough for a label
 */
char *
stateroom_format_label (const char *text)
{
  return ckpt_text_escape (text, strlen (text), STATEROOM_MAX_LABEL);
}

/**
 * stateroom_format_step:
 * @path: a path of at least one step
 *
 * Returns: (transfer full): the last step as a title: "conv1.weight"
 */
char *
stateroom_format_step (CkptTree *tree, const CkptPath *path)
{
  g_autofree char *label = ckpt_path_step_to_label (
      tree, ckpt_path_get_step (path, ckpt_path_get_length (path) - 1));

  return stateroom_format_label (label);
}

/**
 * stateroom_format_get_verbatim:
 *
 * Returns: (transfer none): attributes for a label with text that must be read letter by letter: no hyphens at the ends of lines
 */
PangoAttrList *
stateroom_format_get_verbatim (void)
{
  static PangoAttrList *attributes = NULL;

  if (g_once_init_enter_pointer (&attributes))
    {
      PangoAttrList *list = pango_attr_list_new ();

      pango_attr_list_insert (list, pango_attr_insert_hyphens_new (FALSE));
      g_once_init_leave_pointer (&attributes, list);
    }
  return attributes;
}
