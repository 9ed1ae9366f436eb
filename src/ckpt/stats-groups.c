/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats-groups.h"

#include <string.h>

#include "listing.h"

/* Groups in the making, of what is below one value. */
typedef struct
{
  GPtrArray *groups;
  GHashTable *by_name; /* glob, or text form of the path -> StatsGroup */
  guint base;          /* steps from the root to the value */
  guint depth;
} Grouping;

static void
group_free (gpointer data)
{
  StatsGroup *group = data;

  ckpt_path_free (group->path);
  g_free (group->glob);
  g_array_unref (group->tensors);
  g_free (group);
}

/**
 * stats_groups_new:
 *
 * Returns: (transfer full) (element-type StatsGroup): no groups
 */
GPtrArray *
stats_groups_new (void)
{
  return g_ptr_array_new_with_free_func (group_free);
}

/* Bytes of a name of keys joined by dots up to the end of part @n, or 0 if there are no more parts. */
static gsize
measure_parts (const char *name, guint n)
{
  const char *end = name;

  for (guint i = 0; i < n; i++)
    {
      end = strchr (i > 0 ? end + 1 : end, '.');
      if (end == NULL)
        return 0;
    }
  return end - name;
}

static guint
count_parts (const char *name)
{
  guint n = 1;

  for (; *name != '\0'; name++)
    n += *name == '.';
  return n;
}

/* In the short form of paths, what begins with the first parts of a key. */
static char *
make_glob (CkptTree *tree, const CkptPath *path, const char *name, guint n_parts)
{
  GString *glob = g_string_new (NULL);

  for (guint i = 0; i < ckpt_path_get_length (path); i++)
    {
      g_autofree char *label = ckpt_path_step_to_label (tree, ckpt_path_get_step (path, i));

      g_string_append_printf (glob, "%s/", label);
    }
  g_string_append_len (glob, name, measure_parts (name, n_parts));
  g_string_append (glob, ".*");
  return g_string_free_and_steal (glob);
}

/* Goes so many parts of keys down to a tensor; sets the value that it comes to, and returns a glob where that is within a key. */
static char *
go_down (const Grouping *self, const Item *item, CkptPath *path)
{
  guint n_left = self->depth, n = ckpt_path_get_length (item->path);

  for (guint i = 0; i < n && (i < self->base || n_left > 0); i++)
    {
      const CkptChild *step = ckpt_path_get_step (item->path, i);

      if (i >= self->base)
        {
          g_autofree char *name = ckpt_path_step_to_label (item->tree, step);
          guint n_parts = step->kind == CKPT_STEP_KEY ? count_parts (name) : 1;

          if (n_parts > n_left)
            return make_glob (item->tree, path, name, n_left);
          n_left -= n_parts;
        }
      ckpt_path_push (path, step);
    }
  return NULL;
}

static StatsGroup *
get_group (Grouping *self, const Item *item)
{
  g_autoptr (CkptPath) path = ckpt_path_new ();
  g_autofree char *glob = go_down (self, item, path);
  char *name = glob != NULL ? g_strdup (glob) : ckpt_path_to_string (path, item->tree);
  StatsGroup *group = g_hash_table_lookup (self->by_name, name);

  if (group != NULL)
    {
      g_free (name);
      return group;
    }
  group = g_new (StatsGroup, 1);
  group->path = g_steal_pointer (&path);
  group->glob = g_steal_pointer (&glob);
  group->tensors = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_hash_table_insert (self->by_name, name, group);
  g_ptr_array_add (self->groups, group);
  return group;
}

static gboolean
add_tensor (const Item *item, gpointer user_data)
{
  if (ckpt_tensor_get_unreadable (item->tree, item->tensor) == NULL)
    g_array_append_val (get_group (user_data, item)->tensors, item->tensor->index);
  return TRUE;
}

/**
 * stats_groups_add:
 * @below: the way to a value
 * @depth: how many parts of keys, at dots too, the groups are below it; with 0, all of it is one
 *
 * Adds groups of the tensors that are in a value, in file order.
 */
void
stats_groups_add (GPtrArray *groups, CkptTree *tree, const CkptPath *below, guint depth)
{
  g_autoptr (GHashTable) by_name = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Grouping grouping = { groups, by_name, ckpt_path_get_length (below), depth };

  listing_run (tree, below, LISTING_TENSORS, add_tensor, &grouping);
}
