/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-plot-marks.h"

#include <math.h>

/* Lines closer than this look like one. */
#define MIN_DISTANCE 5

/* Free space between two labels, in lines of text. */
#define LABEL_GAP 0.6

static void
clear_mark (gpointer data)
{
  CkptPlotMark *mark = data;

  g_clear_pointer (&mark->name, g_free);
  g_clear_pointer (&mark->number, g_free);
  g_clear_pointer (&mark->label, g_free);
}

static CkptPlotMark *
get_mark (GArray *marks, guint i)
{
  return &g_array_index (marks, CkptPlotMark, i);
}

/**
 * ckpt_plot_marks_new:
 *
 * Returns: (transfer full) (element-type CkptPlotMark): no marks yet
 */
GArray *
ckpt_plot_marks_new (void)
{
  GArray *marks = g_array_new (FALSE, TRUE, sizeof (CkptPlotMark));

  g_array_set_clear_func (marks, clear_mark);
  return marks;
}

/**
 * ckpt_plot_marks_add:
 * @marks: marks
 * @name: name of the new one; copied
 * @number: its value; copied
 * @x: where its line lies
 * @style: for the drawing
 *
 * Adds a mark, less important than those before it.
 */
void
ckpt_plot_marks_add (GArray *marks, const char *name, const char *number, double x, guint style)
{
  const CkptPlotMark mark = { .name = g_strdup (name), .number = g_strdup (number), .x = x, .style = style };

  g_array_append_val (marks, mark);
}

static void
join_marks (GArray *marks)
{
  for (guint i = 0; i < marks->len; i++)
    {
      CkptPlotMark *mark = get_mark (marks, i);

      mark->is_joined = FALSE;
      for (guint j = 0; j < i && !mark->is_joined; j++)
        {
          const CkptPlotMark *other = get_mark (marks, j);

          mark->is_joined = !other->is_joined && fabs (other->x - mark->x) < MIN_DISTANCE;
        }
    }
}

/* Whether the label of one mark names a later one too: the first that is near does, as in join_marks(). */
static gboolean
stands_for (GArray *marks, guint i, guint j)
{
  const CkptPlotMark *mark = get_mark (marks, i);

  if (!get_mark (marks, j)->is_joined || fabs (mark->x - get_mark (marks, j)->x) >= MIN_DISTANCE)
    return FALSE;
  for (guint k = 0; k < i; k++)
    {
      const CkptPlotMark *other = get_mark (marks, k);

      if (!other->is_joined && fabs (other->x - get_mark (marks, j)->x) < MIN_DISTANCE)
        return FALSE;
    }
  return TRUE;
}

/* How much a label says, from most to least. */
typedef enum
{
  LABEL_ALL,     /* mean 0.5, median 0.51; or mean, median 0.5 */
  LABEL_NAMES,   /* mean 0.5, median */
  LABEL_FIRST,   /* mean 0.5 */
  LABEL_SHORTEST /* mean */
} LabelKind;

static char *
make_label (GArray *marks, guint i, LabelKind kind)
{
  g_autoptr (GString) label = g_string_new (get_mark (marks, i)->name);
  const char *number = get_mark (marks, i)->number;

  if (kind == LABEL_SHORTEST)
    return g_string_free (g_steal_pointer (&label), FALSE);
  if (kind != LABEL_ALL)
    g_string_append_printf (label, " %s", number);
  for (guint j = i + 1; j < marks->len && kind != LABEL_FIRST; j++)
    {
      const CkptPlotMark *mark = get_mark (marks, j);

      if (!stands_for (marks, i, j))
        continue;
      if (kind == LABEL_ALL && !g_str_equal (number, mark->number))
        g_string_append_printf (label, " %s", number);
      g_string_append_printf (label, ", %s", mark->name);
      number = mark->number;
    }
  if (kind == LABEL_ALL)
    g_string_append_printf (label, " %s", number);
  return g_string_free (g_steal_pointer (&label), FALSE);
}

static gboolean
overlap (const CkptPlotRect *a, const CkptPlotRect *b, double gap)
{
  return a->x < b->x + b->width + gap && b->x < a->x + a->width + gap && a->y < b->y + b->height &&
         b->y < a->y + a->height;
}

/* The line of a mark, from its label down to the lower edge of the room. */
static CkptPlotRect
get_line_rect (const CkptPlotMark *mark, const CkptPlotRect *rect, const CkptPlotRect *room)
{
  double top = rect->y + rect->height;

  return (CkptPlotRect) { mark->x - 0.5, top, 1, room->y + room->height - top };
}

static gboolean
is_free (GArray *marks, guint i, const CkptPlotRect *rect, const CkptPlotRect *room, double gap)
{
  CkptPlotRect line = get_line_rect (get_mark (marks, i), rect, room);

  for (guint j = 0; j < i; j++)
    {
      const CkptPlotMark *other = get_mark (marks, j);
      CkptPlotRect other_line = get_line_rect (other, &other->rect, room);

      if (other->label == NULL)
        continue;
      if (overlap (rect, &other->rect, gap) || overlap (rect, &other_line, gap / 4) ||
          overlap (&line, &other->rect, gap / 4))
        return FALSE;
    }
  return TRUE;
}

/* Above its line, or ending or beginning there; in the lowest row that is free. The first mark, which may stand for several, takes the
 * highest, as it would be in the way of the lines of others. */
static gboolean
place_label (GArray *marks, guint i, double width, double line, const CkptPlotRect *room, guint n_rows)
{
  static const double shifts[] = { 0.5, 0.1, 0.9, 0, 1 };
  CkptPlotMark *mark = get_mark (marks, i);
  CkptPlotRect rect = { 0, 0, width, line };

  if (width > room->width)
    return FALSE;
  for (guint row = 1; row <= n_rows; row++)
    {
      rect.y = i == 0 ? room->y + (row - 1) * line : room->y + room->height - row * line;
      for (gsize s = 0; s < G_N_ELEMENTS (shifts); s++)
        {
          rect.x = CLAMP (mark->x - width * shifts[s], room->x, room->x + room->width - width);
          if (!is_free (marks, i, &rect, room, line * LABEL_GAP))
            continue;
          mark->rect = rect;
          return TRUE;
        }
    }
  return FALSE;
}

static gboolean
place_mark (GArray *marks, guint i, CkptPlotText *text, const CkptPlotRect *room, guint n_rows)
{
  CkptPlotMark *mark = get_mark (marks, i);

  for (LabelKind kind = LABEL_ALL; kind <= LABEL_SHORTEST; kind++)
    {
      g_autofree char *label = make_label (marks, i, kind);
      double width, line;

      ckpt_plot_text_measure (text, label, &width, &line);
      if (place_label (marks, i, width, line, room, n_rows))
        {
          mark->label = g_steal_pointer (&label);
          return TRUE;
        }
    }
  return FALSE;
}

/**
 * ckpt_plot_marks_place:
 * @marks: (element-type CkptPlotMark): marks, the most important first
 * @text: what labels are measured with
 * @room: where labels may lie; lines go on below it
 * @n_rows: rows of text in it
 *
 * Finds places for the labels of marks, such that no label lies on another one or on the line of one. Marks that lie in one place share a
 * label; one without room is shortened, or left out.
 *
 * Returns: how many lines have no label
 */
guint
ckpt_plot_marks_place (GArray *marks, CkptPlotText *text, const CkptPlotRect *room, guint n_rows)
{
  guint n_without = 0;

  for (guint i = 0; i < marks->len; i++)
    g_clear_pointer (&get_mark (marks, i)->label, g_free);
  join_marks (marks);
  for (guint i = 0; i < marks->len; i++)
    {
      if (!get_mark (marks, i)->is_joined && !place_mark (marks, i, text, room, n_rows))
        n_without++;
    }
  return n_without;
}
