/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-grid-axis.h"

#include <math.h>

/* Whole pixels up to here, and halves, are exact doubles. */
#define MAX_EXTENT ((double) (G_GUINT64_CONSTANT (1) << 51))
/* A scroll by less than so many pages is meant in pixels. */
#define NEAR_PAGES 4

/**
 * stateroom_grid_axis_clear:
 *
 * Lets go of the adjustment.
 */
void
stateroom_grid_axis_clear (StateroomGridAxis *self)
{
  g_clear_object (&self->adjustment);
}

/**
 * stateroom_grid_axis_set_adjustment:
 * @adjustment: (nullable): what tells and is told where the lines are; NULL for one of its own
 *
 * Returns: whether it is another one than before
 */
gboolean
stateroom_grid_axis_set_adjustment (StateroomGridAxis *self, GtkAdjustment *adjustment)
{
  if (adjustment == NULL)
    adjustment = gtk_adjustment_new (0, 0, 0, 0, 0, 0);
  else if (adjustment == self->adjustment)
    return FALSE;
  g_clear_object (&self->adjustment);
  self->adjustment = g_object_ref_sink (adjustment);
  return TRUE;
}

static double
get_extent (StateroomGridAxis *self)
{
  return (double) self->n * self->size;
}

/* Pixels of the lines for each pixel of the adjustment. */
static double
get_scale (StateroomGridAxis *self)
{
  return MAX (get_extent (self) / MAX_EXTENT, 1);
}

static double
get_max_value (StateroomGridAxis *self)
{
  return MAX (get_extent (self) / get_scale (self) - self->page, 0);
}

/* To the last place where the page is still full. */
static void
clamp (StateroomGridAxis *self)
{
  guint64 n_page = (guint64) (self->page / MAX (self->size, 1));
  guint64 last_first = self->n > n_page ? self->n - n_page - 1 : 0;
  double last_hidden = self->n > n_page ? (n_page + 1) * (double) self->size - self->page : 0;

  if (self->first < last_first || (self->first == last_first && self->hidden <= last_hidden))
    return;
  self->first = last_first;
  self->hidden = last_hidden;
  if (last_hidden < self->size)
    return;
  self->first++;
  self->hidden -= self->size;
}

static void
move_by (StateroomGridAxis *self, double pixels)
{
  double place = self->hidden + pixels, lines = floor (place / self->size);

  if (lines < 0 && (guint64) -lines > self->first)
    {
      self->first = 0;
      self->hidden = 0;
      return;
    }
  self->first = lines < 0 ? self->first - (guint64) -lines : self->first + (guint64) lines;
  self->hidden = place - lines * self->size;
  clamp (self);
}

/* From the beginning, in pixels of the adjustment. */
static void
move_to (StateroomGridAxis *self, double value)
{
  double place = value * get_scale (self), lines = floor (place / self->size);

  /* The end of a shrunk adjustment is that of the lines. */
  self->first = value >= get_max_value (self) ? self->n : (guint64) MAX (lines, 0);
  self->hidden = MAX (place - lines * self->size, 0);
  clamp (self);
}

/* Tells the adjustment where the lines are. */
static void
tell (StateroomGridAxis *self)
{
  double value = ((double) self->first * self->size + self->hidden) / get_scale (self);

  /* The value is set before, as configuring may be heard of at once. */
  self->value = CLAMP (value, 0, get_max_value (self));
  gtk_adjustment_configure (self->adjustment, self->value, 0, get_max_value (self) + self->page, self->size,
                            MAX (self->page - self->size, self->size), self->page);
}

/**
 * stateroom_grid_axis_configure:
 * @n: how many lines there are
 * @size: pixels of a line, at least 1
 * @page: pixels that are seen
 *
 * Keeps the first line that is seen, as far as it can.
 */
void
stateroom_grid_axis_configure (StateroomGridAxis *self, guint64 n, int size, int page)
{
  if (self->size > 0 && size != self->size)
    self->hidden = self->hidden * size / self->size;
  self->n = n;
  self->size = size;
  self->page = MAX (page, 0);
  clamp (self);
  tell (self);
}

/**
 * stateroom_grid_axis_follow:
 *
 * Goes where the adjustment was moved to.
 */
void
stateroom_grid_axis_follow (StateroomGridAxis *self)
{
  double value = gtk_adjustment_get_value (self->adjustment), change = value - self->value;

  if (self->size <= 0 || change == 0)
    return;
  self->value = value;
  if (value <= 0 || value >= get_max_value (self) || fabs (change) >= NEAR_PAGES * self->page)
    move_to (self, value);
  else
    move_by (self, change);
  if (get_scale (self) > 1)
    tell (self);
}

/**
 * stateroom_grid_axis_show:
 * @line: a line
 *
 * Scrolls by as little as makes all of the line seen.
 */
void
stateroom_grid_axis_show (StateroomGridAxis *self, guint64 line)
{
  if (self->size <= 0)
    return;
  if (line < self->first || (line == self->first && self->hidden > 0))
    {
      self->first = line;
      self->hidden = 0;
    }
  else if (stateroom_grid_axis_locate (self, line) + self->size > self->page)
    {
      self->first = line;
      self->hidden = 0;
      move_by (self, MIN (self->size - self->page, 0));
    }
  clamp (self);
  tell (self);
}

/**
 * stateroom_grid_axis_get_end:
 *
 * Returns: the line after the last one of which something is seen
 */
guint64
stateroom_grid_axis_get_end (StateroomGridAxis *self)
{
  guint64 n_seen = self->size > 0 ? (guint64) ceil ((self->page + self->hidden) / self->size) : 0;

  return n_seen < self->n - self->first ? self->first + n_seen : self->n;
}

/**
 * stateroom_grid_axis_count_whole:
 *
 * Returns: how many lines a page has room for, at least 1
 */
guint64
stateroom_grid_axis_count_whole (StateroomGridAxis *self)
{
  return self->size > 0 ? (guint64) MAX (self->page / self->size, 1) : 1;
}

/**
 * stateroom_grid_axis_locate:
 * @line: a line
 *
 * Returns: where it begins, in pixels of the page
 */
double
stateroom_grid_axis_locate (StateroomGridAxis *self, guint64 line)
{
  double lines = line < self->first ? -(double) (self->first - line) : (double) (line - self->first);

  return lines * self->size - self->hidden;
}

/**
 * stateroom_grid_axis_find:
 * @pixel: a place on the page
 * @line: (out): the line that is there, or the nearest one
 *
 * Returns: FALSE if there is none just there
 */
gboolean
stateroom_grid_axis_find (StateroomGridAxis *self, double pixel, guint64 *line)
{
  double lines;

  if (self->n == 0 || self->size <= 0)
    return FALSE;
  lines = floor ((pixel + self->hidden) / self->size);
  if (lines < 0 && (guint64) -lines > self->first)
    *line = 0;
  else
    *line = lines < 0 ? self->first - (guint64) -lines : self->first + (guint64) lines;
  if (*line < self->n && pixel >= 0)
    return TRUE;
  *line = MIN (*line, self->n - 1);
  return FALSE;
}
