/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-stopwatch.h"

#include <stdio.h>

#include "stateroom-page.h"
#include "stateroom-tree-view.h"
#include "stateroom-window.h"

#define N_FRAMES   300 /* of each kind of scrolling */
#define WHEEL_STEP 100 /* pixels of one notch */

typedef enum
{
  PHASE_START,     /* until the tree is on screen */
  PHASE_WHEEL,     /* small steps */
  PHASE_SCROLLBAR, /* jumps over all rows */
  N_PHASES,
} Phase;

struct _StateroomStopwatch
{
  gint64 started; /* of the process, in µs of the monotonic clock */
  gboolean scrolls;

  StateroomWindow *window;
  GtkAdjustment *adjustment;
  Phase phase;
  gboolean has_frame;
  gint64 before_paint;
  double times[N_FRAMES];
  guint n_times;
};

/**
 * stateroom_stopwatch_add_options:
 * @app: an application
 *
 * Adds the hidden options that ask for measuring.
 */
void
stateroom_stopwatch_add_options (GApplication *app)
{
  static const GOptionEntry entries[] = {
    { "measure-start", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_INT64, NULL,
      "Print the seconds from that time of the monotonic clock to the window, and exit", "NANOSECONDS" },
    { "measure-scroll", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, NULL,
      "Scroll through the rows, print what a frame takes, and exit", NULL },
    G_OPTION_ENTRY_NULL,
  };

  g_application_add_main_option_entries (app, entries);
}

/**
 * stateroom_stopwatch_new_from_options:
 * @options: what the command line says
 *
 * Returns: (transfer full) (nullable): what measures, or %NULL if nothing is to be measured
 */
StateroomStopwatch *
stateroom_stopwatch_new_from_options (GVariantDict *options)
{
  StateroomStopwatch *self;
  gint64 started = 0;
  gboolean scrolls = g_variant_dict_contains (options, "measure-scroll");

  if (!g_variant_dict_lookup (options, "measure-start", "x", &started) && !scrolls)
    return NULL;

  self = g_new0 (StateroomStopwatch, 1);
  self->started = started / 1000;
  self->scrolls = scrolls;
  return self;
}

/**
 * stateroom_stopwatch_free:
 */
void
stateroom_stopwatch_free (StateroomStopwatch *self)
{
  g_free (self);
}

static void
print_mark (StateroomStopwatch *self, const char *mark)
{
  if (!self->scrolls)
    printf ("%s\t%.4f\n", mark, (double) (g_get_monotonic_time () - self->started) / G_USEC_PER_SEC);
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static void
print_scroll (StateroomStopwatch *self)
{
  qsort (self->times, self->n_times, sizeof self->times[0], compare_times);
  printf ("%s\t%.4f\n", self->phase == PHASE_WHEEL ? "wheel" : "scrollbar",
          self->times[self->n_times * 95 / 100]);
}

static GtkAdjustment *
find_adjustment (GtkWidget *widget)
{
  if (GTK_IS_SCROLLED_WINDOW (widget) &&
      GTK_IS_COLUMN_VIEW (gtk_scrolled_window_get_child (GTK_SCROLLED_WINDOW (widget))))
    return gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (widget));

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkAdjustment *found = find_adjustment (child);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
scroll (StateroomStopwatch *self)
{
  double end = gtk_adjustment_get_upper (self->adjustment) - gtk_adjustment_get_page_size (self->adjustment);
  double value = self->phase == PHASE_WHEEL ? gtk_adjustment_get_value (self->adjustment) + WHEEL_STEP
                                            : end * self->n_times / N_FRAMES;

  gtk_adjustment_set_value (self->adjustment, value);
}

static void
begin_scrolling (StateroomStopwatch *self)
{
  StateroomPage *page = stateroom_window_get_page (self->window);

  g_action_group_change_action_state (G_ACTION_GROUP (self->window), "view-mode",
                                      g_variant_new_string ("flat"));
  self->adjustment = find_adjustment (GTK_WIDGET (stateroom_page_get_tree_view (page)));
  self->phase = PHASE_WHEEL;
}

static void
next_phase (StateroomStopwatch *self)
{
  print_scroll (self);
  self->n_times = 0;
  self->phase++;
  if (self->phase == N_PHASES)
    gtk_window_destroy (GTK_WINDOW (self->window));
}

static void
on_before_paint (GdkFrameClock *clock, StateroomStopwatch *self)
{
  self->before_paint = g_get_monotonic_time ();
  if (self->phase != PHASE_START)
    scroll (self);
}

static gboolean
has_tree (StateroomStopwatch *self)
{
  StateroomPage *page = stateroom_window_get_page (self->window);

  return page != NULL && stateroom_page_get_state (page) == STATEROOM_PAGE_CONTENT;
}

static void
on_after_paint (GdkFrameClock *clock, StateroomStopwatch *self)
{
  if (!self->has_frame)
    {
      self->has_frame = TRUE;
      print_mark (self, "first-frame");
    }

  if (self->phase == PHASE_START && has_tree (self))
    {
      print_mark (self, "tree");
      if (self->scrolls)
        begin_scrolling (self);
      else
        gtk_window_destroy (GTK_WINDOW (self->window));
    }
  else if (self->phase != PHASE_START)
    {
      self->times[self->n_times++] = (double) (g_get_monotonic_time () - self->before_paint) / G_USEC_PER_SEC;
      if (self->n_times == N_FRAMES)
        next_phase (self);
    }
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  gtk_widget_queue_draw (widget);
  return G_SOURCE_CONTINUE;
}

static void
on_realize (GtkWidget *window, StateroomStopwatch *self)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (window);

  g_signal_connect (clock, "before-paint", G_CALLBACK (on_before_paint), self);
  g_signal_connect (clock, "after-paint", G_CALLBACK (on_after_paint), self);
}

static void
on_unrealize (GtkWidget *window, StateroomStopwatch *self)
{
  g_signal_handlers_disconnect_by_data (gtk_widget_get_frame_clock (window), self);
}

/**
 * stateroom_stopwatch_start:
 * @window: a window that is about to open files and to be shown
 *
 * Measures what was asked for, prints it as lines of a name, a tab and seconds, and closes the window.
 */
void
stateroom_stopwatch_start (StateroomStopwatch *self, StateroomWindow *window)
{
  self->window = window;
  g_signal_connect (window, "realize", G_CALLBACK (on_realize), self);
  g_signal_connect (window, "unrealize", G_CALLBACK (on_unrealize), self);
  gtk_widget_add_tick_callback (GTK_WIDGET (window), on_tick, self, NULL);
}
