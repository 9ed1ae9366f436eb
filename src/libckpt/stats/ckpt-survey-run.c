/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "stats/ckpt-survey-private.h"

#include "stats/ckpt-pool.h"
#include "stats/ckpt-profile-pass.h"

/* How long to sleep until a look whether it was cancelled, in us. */
#define WAIT_TIME (G_TIME_SPAN_MILLISECOND * 20)

/* Threads that read deflated records at once. */
#define MAX_STREAMS 4
/* Ends a chain. */
#define NO_PLACE G_MAXUINT32

/**
 * Group:
 * @key: what all its tensors have in common
 * @first: place of the first of them among those that were asked for; they show the same elements, so that one is read for all
 * @last: place of the last one
 * @is_delivered: whether the result was told
 *
 * Something to find out.
 */
typedef struct
{
  GRefString *key;
  guint32 first;
  guint32 last;
  gboolean is_delivered;
} Group;

typedef struct
{
  CkptSurvey *survey;
  const guint32 *tensors;
  guint32 *chain; /* of the place of each tensor: that of the next in its group */
  CkptSurveyFunc func;
  gpointer data;
  GMutex func_mutex;
  GArray *groups;     /* of Group */
  guint next;         /* group to begin, under the lock of the pool */
  GPtrArray *waiting; /* groups that another run is working on, under the same */
} Run;

static void
clear_group (gpointer data)
{
  g_ref_string_release (((Group *) data)->key);
}

static Group *
get_group (Run *run, gsize i)
{
  return &g_array_index (run->groups, Group, i);
}

static void
add_to_group (Run *run, GHashTable *by_key, guint32 place)
{
  g_autofree char *key = ckpt_survey_dup_key (ckpt_tree_get_tensor (run->survey->tree, run->tensors[place]));
  gpointer found = g_hash_table_lookup (by_key, key);
  Group group = { .first = place, .last = place };

  run->chain[place] = NO_PLACE;
  if (found != NULL)
    {
      Group *old = get_group (run, GPOINTER_TO_SIZE (found) - 1);

      run->chain[old->last] = place;
      old->last = place;
      return;
    }
  group.key = g_ref_string_new (key);
  g_array_append_val (run->groups, group);
  g_hash_table_insert (by_key, group.key, GSIZE_TO_POINTER (run->groups->len));
}

static void
make_groups (Run *run, guint32 n)
{
  g_autoptr (GHashTable) by_key = g_hash_table_new (g_str_hash, g_str_equal);

  run->groups = g_array_new (FALSE, FALSE, sizeof (Group));
  g_array_set_clear_func (run->groups, clear_group);
  run->chain = g_new (guint32, n);
  for (guint32 place = 0; place < n; place++)
    add_to_group (run, by_key, place);
}

static const CkptTensor *
get_tensor (Run *run, const Group *group)
{
  return ckpt_tree_get_tensor (run->survey->tree, run->tensors[group->first]);
}

/* Those that read deflated records need a stream each, of which the archive keeps a few. */
static guint
choose_n_threads (Run *run)
{
  for (guint i = 0; i < run->groups->len; i++)
    if (ckpt_scan_is_deflated (run->survey->tree, get_tensor (run, get_group (run, i))))
      return MIN (run->survey->n_threads, MAX_STREAMS);
  return run->survey->n_threads;
}

static guint64
count_bytes (Run *run)
{
  guint64 n_bytes = 0;

  for (guint i = 0; i < run->groups->len; i++)
    {
      const Group *group = get_group (run, i);
      g_autoptr (CkptProfile) profile = ckpt_survey_find_key (run->survey, group->key);

      if (!ckpt_survey_is_complete (profile))
        n_bytes += ckpt_survey_count_bytes (run->survey->tree, get_tensor (run, group));
    }
  return n_bytes;
}

static void
deliver (Run *run, Group *group, CkptProfile *profile, const GError *error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&run->func_mutex);

  group->is_delivered = TRUE;
  for (guint32 place = group->first; place != NO_PLACE && run->func != NULL; place = run->chain[place])
    run->func (run->tensors[place], profile, error, run->data);
}

typedef enum
{
  CLAIM_TAKEN,
  CLAIM_KNOWN,
  CLAIM_PENDING,
} Claim;

static Claim
claim (CkptSurvey *survey, const Group *group, CkptProfile **profile)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&survey->mutex);
  CkptProfile *known = ckpt_survey_cache_peek (survey->cache, group->key);

  if (ckpt_survey_is_complete (known))
    {
      *profile = ckpt_profile_ref (known);
      return CLAIM_KNOWN;
    }
  return g_hash_table_add (survey->pending, group->key) ? CLAIM_TAKEN : CLAIM_PENDING;
}

/* @profile is NULL if nothing was found out. */
static void
settle (CkptSurvey *survey, const Group *group, CkptProfile *profile)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&survey->mutex);

  if (profile != NULL)
    ckpt_survey_cache_add (survey->cache, group->key, profile);
  g_hash_table_remove (survey->pending, group->key);
  g_cond_broadcast (&survey->settled);
}

/* A pass for @group; NULL if none is needed, or another run is at it. */
static CkptPass *
begin (Run *run, Group *group)
{
  g_autoptr (CkptProfile) profile = NULL;
  g_autoptr (GError) error = NULL;
  CkptPass *pass;

  switch (claim (run->survey, group, &profile))
    {
    case CLAIM_KNOWN:
      deliver (run, group, profile, NULL);
      return NULL;
    case CLAIM_PENDING:
      g_ptr_array_add (run->waiting, group);
      return NULL;
    default:
      break;
    }
  pass = ckpt_profile_pass_new (run->survey->tree, get_tensor (run, group), &error);
  if (pass == NULL)
    {
      settle (run->survey, group, NULL);
      deliver (run, group, NULL, error);
    }
  return pass;
}

static CkptPass *
on_next (gpointer data)
{
  Run *run = data;
  CkptPass *pass = NULL;

  while (pass == NULL && run->next < run->groups->len)
    {
      Group *group = get_group (run, run->next);

      if (!group->is_delivered)
        pass = begin (run, group);
      if (pass != NULL)
        pass->tag = run->next;
      run->next++;
    }
  return pass;
}

static void
on_done (CkptPass *pass, gpointer data)
{
  Run *run = data;
  Group *group = get_group (run, pass->tag);
  g_autoptr (CkptProfile) profile = NULL;

  if (pass->error == NULL && ckpt_source_check_same (ckpt_tree_get_source (run->survey->tree), &pass->error))
    profile = ckpt_profile_pass_finish (pass);
  settle (run->survey, group, profile);
  if (!g_error_matches (pass->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    deliver (run, group, profile, pass->error);
  ckpt_pass_free (pass);
}

/* Until no other run works on the first of what is waited for, or it was cancelled. */
static void
wait_for_others (Run *run, GCancellable *cancellable)
{
  const Group *group = g_ptr_array_index (run->waiting, 0);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&run->survey->mutex);

  while (g_hash_table_contains (run->survey->pending, group->key) &&
         !g_cancellable_is_cancelled (cancellable))
    g_cond_wait_until (&run->survey->settled, &run->survey->mutex, g_get_monotonic_time () + WAIT_TIME);
}

static void
run_all (Run *run, CkptPool *pool)
{
  ckpt_pool_run (pool);
  while (run->waiting->len > 0 && !g_cancellable_is_cancelled (pool->cancellable))
    {
      wait_for_others (run, pool->cancellable);
      g_ptr_array_set_size (run->waiting, 0);
      run->next = 0;
      ckpt_pool_run (pool);
    }
}

/**
 * ckpt_survey_run:
 * @self: a survey
 * @tensors: (array length=n): numbers of tensors of its tree
 * @n: how many
 * @func: (nullable): given the result of each of them; not necessarily in that order
 * @data: for @func
 * @progress: (nullable): told on the calling thread how many bytes of how many are done
 * @progress_data: for @progress
 * @cancellable: (nullable): stops it within a tenth of a second
 * @error: return location for %G_IO_ERROR_CANCELLED
 *
 * Finds out about tensors what is not known yet. What is wrong with one of them is told to @func, and the others go on: the errors are
 * those of ckpt_tensor_read(), %CKPT_ERROR_LIMIT for more than 2^40 elements that are not repetitions, and %CKPT_ERROR_CHANGED_ON_DISK
 * if the file is not what it was when it was opened. May be called on any thread, and on several at once; what one call is working on
 * another waits for.
 *
 * Returns: %FALSE only if it was cancelled
 */
gboolean
ckpt_survey_run (CkptSurvey *self,
                 const guint32 *tensors,
                 gsize n,
                 CkptSurveyFunc func,
                 gpointer data,
                 CkptProgressFunc progress,
                 gpointer progress_data,
                 GCancellable *cancellable,
                 GError **error)
{
  Run run = { .survey = self, .tensors = tensors, .func = func, .data = data };
  CkptPool pool = { .next = on_next, .done = on_done, .data = &run };

  g_return_val_if_fail (self != NULL && (tensors != NULL || n == 0) && n < NO_PLACE, FALSE);

  make_groups (&run, (guint32) n);
  run.waiting = g_ptr_array_new ();
  pool.n_threads = choose_n_threads (&run);
  pool.n_bytes = count_bytes (&run);
  pool.progress = progress;
  pool.progress_data = progress_data;
  pool.cancellable = cancellable;
  g_mutex_init (&run.func_mutex);
  run_all (&run, &pool);
  g_mutex_clear (&run.func_mutex);
  g_array_unref (run.groups);
  g_ptr_array_unref (run.waiting);
  g_free (run.chain);
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}
