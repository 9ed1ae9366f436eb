/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "stats/ckpt-survey-private.h"

/* Bytes of sketches that are kept; the oldest go first. */
#define MAX_SKETCH_BYTES ((gsize) 16 << 20)
/* Histograms that are kept. */
#define MAX_HISTOGRAMS 512

typedef struct
{
  GRefString *key;
  CkptProfile *profile;
  GList link; /* among those that have a sketch, the oldest first */
} Entry;

typedef struct
{
  char *key;
  CkptHistogram *histogram;
} Binned;

struct _CkptSurveyCache
{
  GHashTable *entries; /* key -> Entry */
  GQueue sketched;     /* of Entry */
  gsize n_sketch_bytes;
  GQueue histograms; /* of Binned, the newest first */
};

static void
free_entry (gpointer data)
{
  Entry *entry = data;

  ckpt_profile_unref (entry->profile);
  g_ref_string_release (entry->key);
  g_free (entry);
}

static void
free_binned (gpointer data)
{
  Binned *binned = data;

  ckpt_histogram_free (binned->histogram);
  g_free (binned->key);
  g_free (binned);
}

/**
 * ckpt_survey_cache_new:
 *
 * Returns: (transfer full): an empty cache
 */
CkptSurveyCache *
ckpt_survey_cache_new (void)
{
  CkptSurveyCache *self = g_new0 (CkptSurveyCache, 1);

  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_entry);
  g_queue_init (&self->sketched);
  g_queue_init (&self->histograms);
  return self;
}

/**
 * ckpt_survey_cache_free:
 * @self: (transfer full): a cache
 */
void
ckpt_survey_cache_free (CkptSurveyCache *self)
{
  g_hash_table_unref (self->entries);
  g_queue_clear_full (&self->histograms, free_binned);
  g_free (self);
}

/**
 * ckpt_survey_cache_peek:
 * @self: a cache
 * @key: what the profile is of
 *
 * Returns: (transfer none) (nullable): the profile, if there is one
 */
CkptProfile *
ckpt_survey_cache_peek (CkptSurveyCache *self, const char *key)
{
  Entry *entry = g_hash_table_lookup (self->entries, key);

  return entry != NULL ? entry->profile : NULL;
}

static void
let_go_of_sketch (CkptSurveyCache *self, Entry *entry)
{
  CkptProfile *profile = entry->profile;

  g_queue_unlink (&self->sketched, &entry->link);
  self->n_sketch_bytes -= ckpt_sketch_get_size (profile->sketch);
  entry->profile = ckpt_profile_new (&profile->stats, NULL, profile->is_whole);
  ckpt_profile_unref (profile);
}

/**
 * ckpt_survey_cache_add:
 * @self: a cache
 * @key: what the profile is of
 * @profile: a profile; those that were added long ago may lose their sketches
 */
void
ckpt_survey_cache_add (CkptSurveyCache *self, GRefString *key, CkptProfile *profile)
{
  Entry *old = g_hash_table_lookup (self->entries, key), *entry = g_new0 (Entry, 1);

  if (old != NULL && old->profile->sketch != NULL)
    let_go_of_sketch (self, old);
  entry->key = g_ref_string_acquire (key);
  entry->profile = ckpt_profile_ref (profile);
  entry->link.data = entry;
  g_hash_table_replace (self->entries, entry->key, entry);
  if (profile->sketch == NULL)
    return;
  g_queue_push_tail_link (&self->sketched, &entry->link);
  self->n_sketch_bytes += ckpt_sketch_get_size (profile->sketch);
  while (self->n_sketch_bytes > MAX_SKETCH_BYTES && g_queue_get_length (&self->sketched) > 1)
    let_go_of_sketch (self, g_queue_peek_head (&self->sketched));
}

static int
compare_binned (gconstpointer item, gconstpointer key)
{
  return g_strcmp0 (((const Binned *) item)->key, key);
}

/**
 * ckpt_survey_cache_peek_histogram:
 * @self: a cache
 * @key: what the histogram is of, its bins included
 *
 * Returns: (transfer none) (nullable): the histogram, if there is one
 */
CkptHistogram *
ckpt_survey_cache_peek_histogram (CkptSurveyCache *self, const char *key)
{
  GList *link = g_queue_find_custom (&self->histograms, key, compare_binned);

  return link != NULL ? ((Binned *) link->data)->histogram : NULL;
}

/**
 * ckpt_survey_cache_take_histogram:
 * @self: a cache
 * @key: what the histogram is of, its bins included
 * @histogram: (transfer full): a histogram
 */
void
ckpt_survey_cache_take_histogram (CkptSurveyCache *self, const char *key, CkptHistogram *histogram)
{
  Binned *binned = g_new0 (Binned, 1);

  binned->key = g_strdup (key);
  binned->histogram = histogram;
  g_queue_push_head (&self->histograms, binned);
  if (g_queue_get_length (&self->histograms) > MAX_HISTOGRAMS)
    free_binned (g_queue_pop_tail (&self->histograms));
}

/**
 * ckpt_survey_is_complete:
 * @profile: (nullable): a profile of a cache
 *
 * Returns: whether it has all that a pass over its tensor would give
 */
gboolean
ckpt_survey_is_complete (const CkptProfile *profile)
{
  return profile != NULL && (profile->sketch != NULL || profile->stats.n_finite == 0);
}
