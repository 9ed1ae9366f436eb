/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-stats-cache.h"

#include <stdlib.h>

/* Tensors whose statistics are kept; each takes about a kilobyte. */
#define MAX_ENTRIES 4096

/* A tensor of more dimensions is only the same as itself. */
#define MAX_DIMENSIONS 32

struct _StateroomStatsCache
{
  GHashTable *stats;      /* key -> CkptStats */
  GHashTable *histograms; /* key and bins -> CkptHistogram */
};

typedef struct
{
  gint64 stride;
  gint64 size;
} Dimension;

/**
 * stateroom_stats_cache_new:
 *
 * Returns: (transfer full): an empty cache
 */
StateroomStatsCache *
stateroom_stats_cache_new (void)
{
  StateroomStatsCache *self = g_rc_box_new0 (StateroomStatsCache);

  self->stats = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->histograms = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                            (GDestroyNotify) ckpt_histogram_free);
  return self;
}

/**
 * stateroom_stats_cache_ref:
 *
 * Returns: (transfer full): the same cache
 */
StateroomStatsCache *
stateroom_stats_cache_ref (StateroomStatsCache *self)
{
  return g_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  StateroomStatsCache *self = data;

  g_hash_table_unref (self->stats);
  g_hash_table_unref (self->histograms);
}

/**
 * stateroom_stats_cache_unref:
 * @self: (transfer full): a cache
 */
void
stateroom_stats_cache_unref (StateroomStatsCache *self)
{
  g_rc_box_release_full (self, clear);
}

static int
compare_dimensions (gconstpointer a, gconstpointer b)
{
  const Dimension *first = a;
  const Dimension *second = b;

  if (first->stride != second->stride)
    return first->stride > second->stride ? -1 : 1;
  return first->size > second->size ? -1 : first->size < second->size;
}

/* The elements that a tensor shows, whatever their order: dimensions by stride, those that follow on each other joined. */
static guint
normalize (const CkptTensor *tensor, Dimension *dimensions)
{
  guint n = 0;
  guint n_joined = 0;

  for (guint i = 0; i < tensor->n_dims; i++)
    {
      if (tensor->shape[i] != 1)
        dimensions[n++] = (Dimension) { tensor->stride[i], tensor->shape[i] };
    }
  qsort (dimensions, n, sizeof *dimensions, compare_dimensions);
  for (guint i = 0; i < n; i++)
    {
      Dimension *last = n_joined > 0 ? &dimensions[n_joined - 1] : NULL;
      gint64 extent;

      if (last != NULL && !__builtin_mul_overflow (dimensions[i].stride, dimensions[i].size, &extent) &&
          extent == last->stride)
        *last = (Dimension) { dimensions[i].stride,
                              (gint64) ((guint64) last->size * (guint64) dimensions[i].size) };
      else
        dimensions[n_joined++] = dimensions[i];
    }
  return n_joined;
}

/**
 * stateroom_stats_cache_dup_key:
 * @tensor: a tensor
 *
 * Returns: (transfer full): the same text for all tensors that show the same elements as the same numbers, in whatever order
 */
char *
stateroom_stats_cache_dup_key (const CkptTensor *tensor)
{
  GString *key = g_string_new (NULL);
  Dimension dimensions[MAX_DIMENSIONS];
  guint n;

  if (tensor->storage == CKPT_NO_STORAGE || tensor->quantizer != NULL || tensor->n_dims > MAX_DIMENSIONS)
    {
      g_string_printf (key, "tensor %u", tensor->index);
      return g_string_free_and_steal (key);
    }
  g_string_printf (key, "storage %u %d %d %" G_GINT64_FORMAT, tensor->storage, tensor->dtype,
                   tensor->flags & (CKPT_TENSOR_CONJ | CKPT_TENSOR_NEG), tensor->offset);
  n = normalize (tensor, dimensions);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (key, " %" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, dimensions[i].size,
                            dimensions[i].stride);
  return g_string_free_and_steal (key);
}

static char *
dup_histogram_key (const char *key, guint n_bins)
{
  return g_strdup_printf ("%u %s", n_bins, key);
}

/**
 * stateroom_stats_cache_get_stats:
 * @key: a key of stateroom_stats_cache_dup_key()
 *
 * Returns: (transfer none) (nullable): the figures, valid until something is added
 */
const CkptStats *
stateroom_stats_cache_get_stats (StateroomStatsCache *self, const char *key)
{
  return g_hash_table_lookup (self->stats, key);
}

/**
 * stateroom_stats_cache_get_histogram:
 * @key: likewise
 * @n_bins: bins that were asked for
 *
 * Returns: (transfer none) (nullable): the counts, valid until something is added
 */
const CkptHistogram *
stateroom_stats_cache_get_histogram (StateroomStatsCache *self, const char *key, guint n_bins)
{
  g_autofree char *full_key = dup_histogram_key (key, n_bins);

  return g_hash_table_lookup (self->histograms, full_key);
}

/**
 * stateroom_stats_cache_add_stats:
 * @stats: copied
 */
void
stateroom_stats_cache_add_stats (StateroomStatsCache *self, const char *key, const CkptStats *stats)
{
  if (g_hash_table_size (self->stats) >= MAX_ENTRIES)
    g_hash_table_remove_all (self->stats);
  g_hash_table_replace (self->stats, g_strdup (key), g_memdup2 (stats, sizeof *stats));
}

/**
 * stateroom_stats_cache_take_histogram:
 * @n_bins: bins that were asked for
 * @histogram: (transfer full): the counts
 */
void
stateroom_stats_cache_take_histogram (StateroomStatsCache *self,
                                      const char *key,
                                      guint n_bins,
                                      CkptHistogram *histogram)
{
  if (g_hash_table_size (self->histograms) >= MAX_ENTRIES)
    g_hash_table_remove_all (self->histograms);
  g_hash_table_replace (self->histograms, dup_histogram_key (key, n_bins), histogram);
}
