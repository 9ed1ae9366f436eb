/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-cell-cache.h"

/* Tiles that are kept, and that are read at a time. More than a 4 K screen shows at once are kept. */
#define MAX_TILES   96
#define MAX_RUNNING 2

/* A tile that was read, or could not be. */
typedef struct
{
  guint64 row; /* in tiles */
  guint64 column;
  CkptCells *cells;
  GError *error;
  guint64 last_used;
} Tile;

/* One reading, shared with its thread. */
typedef struct
{
  StateroomCellCache *cache; /* main thread only; NULL once nobody waits for it */
  CkptSlice *slice;
  guint64 row;
  guint64 column;
} Reading;

struct _StateroomCellCache
{
  CkptSlice *slice;
  StateroomCellFunc func;
  gpointer user_data;
  GHashTable *tiles;   /* of Tile, by themselves */
  GPtrArray *readings; /* that run */
  GArray *wanted;      /* Tile, not yet read */
  guint64 time;
  GCancellable *cancellable;
};

static guint
hash_tile (gconstpointer data)
{
  const Tile *tile = data;
  guint64 mixed = (tile->row * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)) ^ tile->column;

  return (guint) (mixed ^ mixed >> 32);
}

static gboolean
is_same_tile (gconstpointer a, gconstpointer b)
{
  const Tile *one = a, *other = b;

  return one->row == other->row && one->column == other->column;
}

static void
free_tile (gpointer data)
{
  Tile *tile = data;

  g_clear_pointer (&tile->cells, ckpt_cells_unref);
  g_clear_error (&tile->error);
  g_free (tile);
}

static void
free_reading (gpointer data)
{
  Reading *reading = data;

  ckpt_slice_free (reading->slice);
  g_free (reading);
}

/**
 * stateroom_cell_cache_new:
 * @slice: what is read; copied
 * @func: called on the main thread when something was read
 *
 * Returns: (transfer full): a cache that has nothing yet
 */
StateroomCellCache *
stateroom_cell_cache_new (const CkptSlice *slice, StateroomCellFunc func, gpointer user_data)
{
  StateroomCellCache *self = g_new0 (StateroomCellCache, 1);

  self->slice = ckpt_slice_copy (slice);
  self->func = func;
  self->user_data = user_data;
  self->tiles = g_hash_table_new_full (hash_tile, is_same_tile, NULL, free_tile);
  self->readings = g_ptr_array_new ();
  self->wanted = g_array_new (FALSE, FALSE, sizeof (Tile));
  self->cancellable = g_cancellable_new ();
  return self;
}

/**
 * stateroom_cell_cache_free:
 * @self: (nullable) (transfer full): a cache
 *
 * What is still being read is forgotten; nothing is called any more.
 */
void
stateroom_cell_cache_free (StateroomCellCache *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->readings->len; i++)
    ((Reading *) self->readings->pdata[i])->cache = NULL;
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  g_ptr_array_unref (self->readings);
  g_array_unref (self->wanted);
  g_hash_table_unref (self->tiles);
  ckpt_slice_free (self->slice);
  g_free (self);
}

static CkptRect
get_rect (const CkptSlice *slice, guint64 row, guint64 column)
{
  CkptRect rect = { .row = row * STATEROOM_TILE_ROWS, .column = column * STATEROOM_TILE_COLUMNS };

  rect.n_rows = MIN (STATEROOM_TILE_ROWS, ckpt_slice_get_n_rows (slice) - rect.row);
  rect.n_columns = MIN (STATEROOM_TILE_COLUMNS, ckpt_slice_get_n_columns (slice) - rect.column);
  return rect;
}

static void
run_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Reading *reading = task_data;
  const CkptRect rect = get_rect (reading->slice, reading->row, reading->column);
  GError *error = NULL;
  CkptCells *cells = ckpt_cells_read (reading->slice, &rect, cancellable, &error);

  if (cells != NULL)
    g_task_return_pointer (task, cells, (GDestroyNotify) ckpt_cells_unref);
  else
    g_task_return_error (task, error);
}

/* The one that was looked at the longest time ago makes room. */
static void
drop_oldest (StateroomCellCache *self)
{
  GHashTableIter iter;
  gpointer tile;
  Tile *oldest = NULL;

  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, &tile, NULL))
    if (oldest == NULL || ((Tile *) tile)->last_used < oldest->last_used)
      oldest = tile;
  if (oldest != NULL)
    g_hash_table_remove (self->tiles, oldest);
}

static void start_readings (StateroomCellCache *self);

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Reading *reading = g_task_get_task_data (G_TASK (result));
  StateroomCellCache *self = reading->cache;
  GError *error = NULL;
  CkptCells *cells = g_task_propagate_pointer (G_TASK (result), &error);
  Tile *tile;

  if (self == NULL)
    {
      g_clear_pointer (&cells, ckpt_cells_unref);
      g_clear_error (&error);
      return;
    }
  g_ptr_array_remove_fast (self->readings, reading);
  if (g_hash_table_size (self->tiles) >= MAX_TILES)
    drop_oldest (self);
  tile = g_new0 (Tile, 1);
  *tile = (Tile) { reading->row, reading->column, cells, error, self->time };
  g_hash_table_replace (self->tiles, tile, tile);
  start_readings (self);
  self->func (self->user_data);
}

static gboolean
is_running (StateroomCellCache *self, const Tile *tile)
{
  for (guint i = 0; i < self->readings->len; i++)
    {
      const Reading *reading = self->readings->pdata[i];

      if (reading->row == tile->row && reading->column == tile->column)
        return TRUE;
    }
  return FALSE;
}

static void
start_reading (StateroomCellCache *self, const Tile *tile)
{
  g_autoptr (GTask) task = g_task_new (NULL, self->cancellable, on_read, NULL);
  Reading *reading = g_new0 (Reading, 1);

  *reading = (Reading) { self, ckpt_slice_copy (self->slice), tile->row, tile->column };
  g_ptr_array_add (self->readings, reading);
  g_task_set_name (task, "values of a tensor");
  g_task_set_task_data (task, reading, free_reading);
  g_task_run_in_thread (task, run_in_thread);
}

static void
start_readings (StateroomCellCache *self)
{
  while (self->wanted->len > 0 && self->readings->len < MAX_RUNNING)
    {
      Tile tile = g_array_index (self->wanted, Tile, 0);

      g_array_remove_index (self->wanted, 0);
      if (!is_running (self, &tile) && !g_hash_table_contains (self->tiles, &tile))
        start_reading (self, &tile);
    }
}

/**
 * stateroom_cell_cache_begin:
 *
 * Begins a round of looking up; what was wanted in the last round, and is not being read yet, is not wanted any more.
 */
void
stateroom_cell_cache_begin (StateroomCellCache *self)
{
  g_array_set_size (self->wanted, 0);
  self->time++;
}

/**
 * stateroom_cell_cache_look_up:
 * @row: a row of the slice
 * @column: a column
 * @error: (out) (transfer none) (optional): why the cell could not be read, or NULL
 *
 * Returns: (transfer none) (nullable): cells with this one among them, valid until the next call of any function of the cache; NULL if it
 *   is to be read, or could not be
 */
const CkptCells *
stateroom_cell_cache_look_up (StateroomCellCache *self, guint64 row, guint64 column, const GError **error)
{
  Tile key = { .row = row / STATEROOM_TILE_ROWS, .column = column / STATEROOM_TILE_COLUMNS };
  Tile *tile = g_hash_table_lookup (self->tiles, &key);

  if (error != NULL)
    *error = tile != NULL ? tile->error : NULL;
  if (tile != NULL)
    {
      tile->last_used = self->time;
      return tile->cells;
    }
  for (guint i = 0; i < self->wanted->len; i++)
    if (is_same_tile (&g_array_index (self->wanted, Tile, i), &key))
      return NULL;
  g_array_append_val (self->wanted, key);
  return NULL;
}

/**
 * stateroom_cell_cache_end:
 *
 * Starts to read what was looked up and is not there.
 */
void
stateroom_cell_cache_end (StateroomCellCache *self)
{
  start_readings (self);
}

/**
 * stateroom_cell_cache_is_busy:
 *
 * Returns: whether something is being read
 */
gboolean
stateroom_cell_cache_is_busy (StateroomCellCache *self)
{
  return self->readings->len > 0;
}
