/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "io/ckpt-hash.h"
#include "model/ckpt-glob.h"
#include "model/ckpt-path-private.h"
#include "model/ckpt-text.h"
#include "model/ckpt-tree-data.h"
#include "model/ckpt-walker.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Parts of a pattern: each has a bit in a 64-bit word, and so has the end. */
#define MAX_PARTS 63

/* Where one may be in the pattern at some value: bit i says that the parts before i are behind one. */
typedef guint64 States;

typedef struct
{
  CkptNodeId node;
  States states;
} Entered;

typedef struct
{
  CkptTree *tree;
  GStrv parts;
  guint n_parts;
  GArray *stack;    /* of States: at the values that were gone into */
  GArray *entered;  /* of Entered: what was gone into, and where in the pattern */
  CkptIndex *index; /* into entered */
  GPtrArray *paths;
} Matcher;

static gboolean
is_any (const Matcher *self, guint i)
{
  return strcmp (self->parts[i], "**") == 0;
}

/* "**" may stand for nothing, except at the end. */
static States
skip_any (const Matcher *self, States states)
{
  for (guint i = 0; i + 1 < self->n_parts; i++)
    if ((states >> i & 1) && is_any (self, i))
      states |= (States) 1 << (i + 1);
  return states;
}

/* Whether a text key is passed over for an int key of the same digits. */
static gboolean
is_hidden (Matcher *self, CkptNodeId parent, const CkptChild *child, const char *label)
{
  guint32 n;

  if (strspn (label, "0123456789") != strlen (label) || ckpt_path_is_int_key (self->tree, child))
    return FALSE;

  n = ckpt_tree_get_n_children (self->tree, parent);
  for (guint32 i = 0; i < n; i++)
    {
      g_autofree char *other_label = NULL;
      CkptChild other;

      ckpt_tree_get_child (self->tree, parent, i, &other);
      if (!ckpt_path_is_int_key (self->tree, &other))
        continue;
      other_label = ckpt_path_get_short_label (self->tree, &other);
      if (g_strcmp0 (other_label, label) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
matches_part (Matcher *self, guint i, CkptNodeId parent, const CkptChild *child, const char *label)
{
  if (label == NULL)
    return FALSE;

  if (!ckpt_glob_is_plain (self->parts[i]))
    return ckpt_glob_match (self->parts[i], label);

  return strcmp (self->parts[i], label) == 0 && !is_hidden (self, parent, child, label);
}

static States
advance (Matcher *self, States states, CkptNodeId parent, const CkptChild *child)
{
  g_autofree char *label = ckpt_path_get_short_label (self->tree, child);
  States next = 0;

  for (guint i = 0; i < self->n_parts; i++)
    {
      if ((states >> i & 1) == 0)
        continue;

      if (is_any (self, i))
        next |= (States) 1 << i | (i + 1 == self->n_parts ? (States) 1 << (i + 1) : 0);
      else if (matches_part (self, i, parent, child, label))
        next |= (States) 1 << (i + 1);
    }
  return skip_any (self, next);
}

static gboolean
is_same_entered (guint32 number, gconstpointer key, gpointer user_data)
{
  Matcher *self = user_data;
  const Entered *a = &g_array_index (self->entered, Entered, number);
  const Entered *b = key;

  return a->node == b->node && a->states == b->states;
}

/* Whether to go into a value: only once from each place in the pattern, so that what is shared costs no more than what is in the file. */
static gboolean
enter_once (Matcher *self, CkptNodeId node, States states, GError **error)
{
  Entered entered = { ckpt_tree_resolve (self->tree, node), states };
  const guint64 both[2] = { entered.node, states };
  guint32 hash = ckpt_hash_bytes (both, sizeof both);
  guint32 number;

  if (ckpt_tree_get_n_children (self->tree, node) == 0 ||
      ckpt_index_find (self->index, hash, is_same_entered, &entered, self, &number))
    return FALSE;

  g_array_append_val (self->entered, entered);
  return ckpt_index_add (self->index, hash, self->entered->len - 1, error);
}

static gboolean
match_all (Matcher *self, GError **error)
{
  g_autoptr (CkptWalker) walker = ckpt_walker_new (self->tree, ckpt_tree_get_root (self->tree));
  const CkptPath *path = ckpt_walker_get_path (walker);
  g_autoptr (GError) local_error = NULL;
  States end = (States) 1 << self->n_parts;
  CkptChild child;

  enter_once (self, ckpt_tree_get_root (self->tree), skip_any (self, 1), &local_error);
  while (local_error == NULL && ckpt_walker_next (walker, &child))
    {
      guint depth = ckpt_path_get_length (path);
      CkptNodeId parent = depth > 1 ? ckpt_path_get_step (path, depth - 2)->node
                                    : ckpt_tree_get_root (self->tree);
      States states;

      g_array_set_size (self->stack, depth);
      states = advance (self, g_array_index (self->stack, States, depth - 1), parent, &child);
      if (states & end)
        g_ptr_array_add (self->paths, ckpt_path_copy (path));

      states &= ~end;
      if (states != 0 && enter_once (self, child.node, states, &local_error))
        {
          g_array_append_val (self->stack, states);
          ckpt_walker_enter (walker);
        }
    }

  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static void
matcher_clear (Matcher *self)
{
  g_strfreev (self->parts);
  g_array_unref (self->stack);
  g_array_unref (self->entered);
  ckpt_index_free (self->index);
  g_clear_pointer (&self->paths, g_ptr_array_unref);
}

/* Splits at slashes; one at either end means nothing. */
static gboolean
matcher_init (Matcher *self, CkptTree *tree, const char *pattern, GError **error)
{
  g_autofree char *trimmed = g_strdup (*pattern == '/' ? pattern + 1 : pattern);
  States start;

  if (g_str_has_suffix (trimmed, "/"))
    trimmed[strlen (trimmed) - 1] = '\0';

  self->tree = tree;
  self->parts = g_strsplit (trimmed, "/", -1);
  self->n_parts = g_strv_length (self->parts);
  self->stack = g_array_new (FALSE, FALSE, sizeof (States));
  self->entered = g_array_new (FALSE, FALSE, sizeof (Entered));
  self->index = ckpt_index_new ();
  self->paths = g_ptr_array_new_with_free_func ((GDestroyNotify) ckpt_path_free);
  if (self->n_parts > MAX_PARTS)
    return ckpt_error_set (error, CKPT_ERROR_NO_SUCH_PATH, "path-syntax",
                           _ ("The pattern has %u parts; it may have %u."), self->n_parts, (guint) MAX_PARTS);

  start = skip_any (self, 1);
  g_array_append_val (self->stack, start);
  return TRUE;
}

static GPtrArray *
match_glob (CkptTree *tree, const char *pattern, GError **error)
{
  Matcher matcher = { 0 };
  GPtrArray *paths = NULL;

  if (matcher_init (&matcher, tree, pattern, error) && match_all (&matcher, error))
    paths = g_steal_pointer (&matcher.paths);
  matcher_clear (&matcher);

  if (paths != NULL && paths->len == 0)
    {
      g_autofree char *shown = ckpt_text_escape (pattern, strlen (pattern), 60);

      ckpt_error_set (error, CKPT_ERROR_NO_SUCH_PATH, "no-such-path", _ ("Nothing matches “%s”."), shown);
      g_clear_pointer (&paths, g_ptr_array_unref);
    }
  return paths;
}

/* Whether a pattern is meant as a path in the long form; "[a-z]*" is not. */
static gboolean
is_long_form (const char *pattern)
{
  const char *at = pattern;
  CkptSelector selector;

  if (*at != '[')
    return FALSE;

  if (at[1] == '"' || at[1] == '\'')
    return TRUE;

  while (*at != '\0')
    {
      if (!ckpt_selector_parse (&selector, &at, NULL))
        return FALSE;
      ckpt_selector_clear (&selector);
    }
  return TRUE;
}

/**
 * ckpt_tree_match:
 * @tree: a tree with a root
 * @pattern: a path in the long form, or keys joined by "/", with "*", "?" and "[abc]" within a key and "**" for any number of keys
 * @error: return location
 *
 * Finds all values that a pattern matches, in the order of the file. A value that hangs in several places is gone into at the first only.
 *
 * Returns: (transfer full) (element-type CkptPath): at least one path; %NULL with %CKPT_ERROR_NO_SUCH_PATH if nothing matches
 */
GPtrArray *
ckpt_tree_match (CkptTree *tree, const char *pattern, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (CkptPath) path = NULL;
  GPtrArray *paths;

  g_return_val_if_fail (tree != NULL && pattern != NULL, NULL);

  path = ckpt_path_resolve (tree, pattern, &local_error);
  if (path == NULL)
    {
      if (ckpt_glob_is_plain (pattern) || ckpt_tree_get_root (tree) == CKPT_NO_NODE || is_long_form (pattern))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
      return match_glob (tree, pattern, error);
    }

  paths = g_ptr_array_new_with_free_func ((GDestroyNotify) ckpt_path_free);
  g_ptr_array_add (paths, g_steal_pointer (&path));
  return paths;
}
