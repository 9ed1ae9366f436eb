/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "analysis/ckpt-survey-private.h"

#include "analysis/ckpt-pool.h"
#include "analysis/ckpt-profile-pass.h"

/* How long to sleep until a look whether it was cancelled, in us. */
#define WAIT_TIME (G_TIME_SPAN_MILLISECOND * 20)

/**
 * Group:
 * @key: what all its tensors have in common
 * @tensors: (element-type guint32): tensors that show the same elements; one is read for all of them
 * @is_delivered: whether the result was told
 *
 * Something to find out.
 */
typedef struct
{
  char *key;
  GArray *tensors;
  gboolean is_delivered;
} Group;

typedef struct
{
  CkptSurvey *survey;
  CkptSurveyFunc func;
  gpointer data;
  GMutex func_mutex;
  GPtrArray *groups;  /* of Group */
  guint next;         /* group to begin, under the lock of the pool */
  GPtrArray *waiting; /* groups that another run is working on, under the same */
} Run;

static void
free_group (gpointer data)
{
  Group *group = data;

  g_array_unref (group->tensors);
  g_free (group->key);
  g_free (group);
}

static GPtrArray *
make_groups (const guint32 *tensors, gsize n, CkptTree *tree)
{
  GPtrArray *groups = g_ptr_array_new_with_free_func (free_group);
  g_autoptr (GHashTable) by_key = g_hash_table_new (g_str_hash, g_str_equal);

  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *key = ckpt_survey_dup_key (ckpt_tree_get_tensor (tree, tensors[i]));
      Group *group = g_hash_table_lookup (by_key, key);

      if (group == NULL)
        {
          group = g_new0 (Group, 1);
          group->key = g_steal_pointer (&key);
          group->tensors = g_array_sized_new (FALSE, FALSE, sizeof (guint32), 1);
          g_hash_table_insert (by_key, group->key, group);
          g_ptr_array_add (groups, group);
        }
      g_array_append_val (group->tensors, tensors[i]);
    }
  return groups;
}

static const CkptTensor *
get_tensor (Run *run, const Group *group)
{
  return ckpt_tree_get_tensor (run->survey->tree, g_array_index (group->tensors, guint32, 0));
}

static guint64
count_bytes (Run *run)
{
  guint64 n_bytes = 0;

  for (guint i = 0; i < run->groups->len; i++)
    {
      const Group *group = g_ptr_array_index (run->groups, i);
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
  for (guint i = 0; i < group->tensors->len && run->func != NULL; i++)
    run->func (g_array_index (group->tensors, guint32, i), profile, error, run->data);
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
      Group *group = g_ptr_array_index (run->groups, run->next);

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
  Group *group = g_ptr_array_index (run->groups, pass->tag);
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
  g_autoptr (GPtrArray) groups = NULL;
  g_autoptr (GPtrArray) waiting = NULL;
  Run run = { .survey = self, .func = func, .data = data };
  CkptPool pool = { .next = on_next, .done = on_done, .data = &run };

  g_return_val_if_fail (self != NULL && (tensors != NULL || n == 0), FALSE);

  run.groups = groups = make_groups (tensors, n, self->tree);
  run.waiting = waiting = g_ptr_array_new ();
  pool.n_threads = self->n_threads;
  pool.n_bytes = count_bytes (&run);
  pool.progress = progress;
  pool.progress_data = progress_data;
  pool.cancellable = cancellable;
  g_mutex_init (&run.func_mutex);
  run_all (&run, &pool);
  g_mutex_clear (&run.func_mutex);
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}
