/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-watcher.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

#define DEFAULT_DELAY_MS 2000

/* What is compared to see whether a file rests. */
typedef struct
{
  guint64 ino;
  gint64 size;
  gint64 mtime_ns;
} Look;

struct _StateroomWatcher
{
  GObject parent_instance;

  GFile *file;
  GFileMonitor *monitor;
  guint delay_ms;
  guint timeout_id;
  Look last;
  gboolean is_gone;
};

G_DEFINE_FINAL_TYPE (StateroomWatcher, stateroom_watcher, G_TYPE_OBJECT)

enum
{
  CHANGED,
  REMOVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void wait_for_rest (StateroomWatcher *self);

static gboolean
look (StateroomWatcher *self, Look *result)
{
  struct stat info;

  if (g_stat (g_file_peek_path (self->file), &info) != 0)
    return FALSE;
  result->ino = (guint64) info.st_ino;
  result->size = (gint64) info.st_size;
  result->mtime_ns = (gint64) info.st_mtim.tv_sec * G_GINT64_CONSTANT (1000000000) + info.st_mtim.tv_nsec;
  return TRUE;
}

static void
set_gone (StateroomWatcher *self)
{
  if (self->is_gone)
    return;
  self->is_gone = TRUE;
  g_signal_emit (self, signals[REMOVED], 0);
}

static gboolean
on_timeout (gpointer user_data)
{
  StateroomWatcher *self = user_data;
  Look now;

  self->timeout_id = 0;
  if (!look (self, &now))
    set_gone (self);
  else if (now.ino != self->last.ino || now.size != self->last.size || now.mtime_ns != self->last.mtime_ns)
    wait_for_rest (self);
  else
    {
      self->is_gone = FALSE;
      g_signal_emit (self, signals[CHANGED], 0);
    }
  return G_SOURCE_REMOVE;
}

static void
wait_for_rest (StateroomWatcher *self)
{
  g_clear_handle_id (&self->timeout_id, g_source_remove);
  if (look (self, &self->last))
    self->timeout_id = g_timeout_add (self->delay_ms, on_timeout, self);
  else
    /* Replacing a file may take it away for a moment. */
    self->timeout_id = g_timeout_add (MIN (self->delay_ms, 500), on_timeout, self);
}

static void
on_monitor_changed (StateroomWatcher *self, GFile *file, GFile *other, GFileMonitorEvent event)
{
  if (event != G_FILE_MONITOR_EVENT_PRE_UNMOUNT && event != G_FILE_MONITOR_EVENT_UNMOUNTED)
    wait_for_rest (self);
}

static void
stateroom_watcher_dispose (GObject *object)
{
  StateroomWatcher *self = STATEROOM_WATCHER (object);

  stateroom_watcher_stop (self);
  g_clear_object (&self->file);

  G_OBJECT_CLASS (stateroom_watcher_parent_class)->dispose (object);
}

static void
stateroom_watcher_class_init (StateroomWatcherClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = stateroom_watcher_dispose;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  signals[REMOVED] = g_signal_new ("removed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
stateroom_watcher_init (StateroomWatcher *self)
{
  self->delay_ms = DEFAULT_DELAY_MS;
}

/**
 * stateroom_watcher_new:
 * @file: a file with a local path
 *
 * Begins to watch. Where the system cannot watch that file, no signal ever comes.
 *
 * Returns: (transfer full): the watcher
 */
StateroomWatcher *
stateroom_watcher_new (GFile *file)
{
  StateroomWatcher *self;

  g_return_val_if_fail (g_file_peek_path (file) != NULL, NULL);

  self = g_object_new (STATEROOM_TYPE_WATCHER, NULL);
  self->file = g_object_ref (file);
  self->monitor = g_file_monitor_file (file, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL);
  if (self->monitor != NULL)
    g_signal_connect_object (self->monitor, "changed", G_CALLBACK (on_monitor_changed), self,
                             G_CONNECT_SWAPPED);
  return self;
}

/**
 * stateroom_watcher_set_delay_ms:
 * @delay_ms: how long a file must rest before it counts as changed; 2000 at first
 */
void
stateroom_watcher_set_delay_ms (StateroomWatcher *self, guint delay_ms)
{
  g_return_if_fail (STATEROOM_IS_WATCHER (self));

  self->delay_ms = delay_ms;
}

/**
 * stateroom_watcher_stop:
 *
 * Ends the watch: no signal comes after this.
 */
void
stateroom_watcher_stop (StateroomWatcher *self)
{
  g_return_if_fail (STATEROOM_IS_WATCHER (self));

  g_clear_handle_id (&self->timeout_id, g_source_remove);
  if (self->monitor != NULL)
    g_file_monitor_cancel (self->monitor);
  g_clear_object (&self->monitor);
}
