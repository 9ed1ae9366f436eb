/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-path-private.h"

#include "model/ckpt-text.h"
#include "model/ckpt-tree-data.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Names of other keys that an error gives, and children that it looks at for them. */
#define MAX_NAMES     3
#define MAX_LOOKED_AT 20000

/* Characters of a name that an error shows. */
#define MAX_NAME 60

/* Letters that two names may differ by to be close, and letters that are compared. */
#define MAX_LETTERS 64

static guint
min3 (guint a, guint b, guint c)
{
  return MIN (MIN (a, b), c);
}

/* Letters to insert, remove or replace to get from one name to the other (Levenshtein). */
static guint
get_distance (const char *a, const char *b)
{
  guint row[MAX_LETTERS + 1];
  gsize n_a = MIN (strlen (a), MAX_LETTERS);
  gsize n_b = MIN (strlen (b), MAX_LETTERS);

  for (guint j = 0; j <= n_b; j++)
    row[j] = j;

  for (guint i = 1; i <= n_a; i++)
    {
      guint diagonal = row[0];

      row[0] = i;
      for (guint j = 1; j <= n_b; j++)
        {
          guint above = row[j];

          row[j] = min3 (above + 1, row[j - 1] + 1,
                         diagonal + (g_ascii_tolower (a[i - 1]) != g_ascii_tolower (b[j - 1])));
          diagonal = above;
        }
    }
  return row[n_b];
}

typedef struct
{
  char *name;
  guint distance;
} Close;

static void
close_clear (gpointer data)
{
  Close *close = data;

  g_free (close->name);
}

static int
compare_distance (gconstpointer a, gconstpointer b)
{
  return (int) ((const Close *) a)->distance - (int) ((const Close *) b)->distance;
}

static void
add_close (GArray *list, const char *name, const char *wanted)
{
  gsize n_letters = strlen (wanted);
  guint distance = n_letters > 0 && strstr (name, wanted) != NULL ? 0 : get_distance (name, wanted);
  Close close = { NULL, distance };

  if (distance > 1 + n_letters / 4 || (distance > 0 && distance >= n_letters))
    return;

  close.name = ckpt_text_escape (name, strlen (name), MAX_NAME);
  g_array_append_val (list, close);
  g_array_sort (list, compare_distance);
  if (list->len > MAX_NAMES)
    g_array_set_size (list, MAX_NAMES);
}

/* The children of @node whose labels are most like @wanted; NULL if none is. */
static char *
list_close (CkptTree *tree, CkptNodeId node, const char *wanted)
{
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (Close));
  guint32 n = MIN (ckpt_tree_get_n_children (tree, node), MAX_LOOKED_AT);
  GString *names;

  g_array_set_clear_func (list, close_clear);
  for (guint32 i = 0; i < n; i++)
    {
      g_autofree char *label = NULL;
      CkptChild child;

      ckpt_tree_get_child (tree, node, i, &child);
      label = ckpt_path_step_to_label (tree, &child);
      add_close (list, label, wanted);
    }

  if (list->len == 0)
    return NULL;

  names = g_string_new (NULL);
  for (guint i = 0; i < list->len; i++)
    g_string_append_printf (names, "%s“%s”", i > 0 ? ", " : "", g_array_index (list, Close, i).name);
  return g_string_free_and_steal (names);
}

/**
 * ckpt_path_explain:
 * @tree: a tree
 * @path: the way to the last value that there is
 * @wanted: what is not there
 * @error: return location
 *
 * Sets an error that says how far the path goes, and names that are like the one that is missing.
 */
void
ckpt_path_explain (CkptTree *tree, const CkptPath *path, const char *wanted, GError **error)
{
  CkptNodeId node = ckpt_path_get_node (path, tree);
  g_autofree char *shown = ckpt_text_escape (wanted, strlen (wanted), MAX_NAME);
  g_autofree char *where = ckpt_path_to_string (path, tree);
  g_autofree char *description = ckpt_tree_describe (tree, node);
  g_autofree char *names = list_close (tree, node, wanted);
  gboolean is_root = ckpt_path_get_length (path) == 0;

  if (ckpt_tree_get_n_children (tree, node) == 0)
    ckpt_error_set (error, CKPT_ERROR_NO_SUCH_PATH, "no-such-path",
                    _ ("%s is %s, with nothing inside: there is no “%s”."),
                    is_root ? _ ("The checkpoint") : where, description, shown);
  else if (names != NULL)
    ckpt_error_set (error, CKPT_ERROR_NO_SUCH_PATH, "no-such-path", _ ("%s has no “%s”. It has %s."),
                    is_root ? _ ("The checkpoint") : where, shown, names);
  else
    ckpt_error_set (error, CKPT_ERROR_NO_SUCH_PATH, "no-such-path", _ ("%s (%s) has no “%s”."),
                    is_root ? _ ("The checkpoint") : where, description, shown);
}

/* What a selector is called in an error: the key without quotes. */
static char *
name_selector (const CkptSelector *selector)
{
  if (selector->text != NULL)
    return g_strndup (selector->text->str, selector->text->len);
  if (selector->literal != NULL)
    return g_strdup (selector->literal);
  if (selector->kind == CKPT_SELECT_NUMBER)
    return g_strdup_printf ("#%u", selector->number);
  return g_strdup ("state");
}

/* `.state` leads to the state of an object; where that is a dict, its entries are attributes, and `.state` only begins their names. */
static gboolean
find_state (CkptSelector *selector,
            CkptTree *tree,
            CkptNodeId node,
            const char **at,
            CkptChild *child,
            GError **error)
{
  if (ckpt_selector_find (selector, tree, node, child) || **at != '[')
    return TRUE;

  ckpt_selector_clear (selector);
  if (!ckpt_selector_parse (selector, at, error))
    return FALSE;
  selector->step = CKPT_STEP_ATTRIBUTE;
  return TRUE;
}

static gboolean
resolve_step (CkptTree *tree, CkptPath *path, const char **at, GError **error)
{
  CkptNodeId node = ckpt_path_get_node (path, tree);
  g_autofree char *name = NULL;
  CkptSelector selector;
  CkptChild child;
  gboolean is_found;

  if (!ckpt_selector_parse (&selector, at, error))
    return FALSE;

  if (selector.kind == CKPT_SELECT_STATE && !find_state (&selector, tree, node, at, &child, error))
    return FALSE;

  is_found = ckpt_selector_find (&selector, tree, node, &child);
  if (is_found)
    {
      ckpt_path_push (path, &child);
    }
  else
    {
      name = name_selector (&selector);
      ckpt_path_explain (tree, path, name, error);
    }
  ckpt_selector_clear (&selector);
  return is_found;
}

static CkptPath *
resolve_long (CkptTree *tree, const char *text, GError **error)
{
  g_autoptr (CkptPath) path = ckpt_path_new ();
  const char *at = text;

  while (*at != '\0')
    if (!resolve_step (tree, path, &at, error))
      return NULL;
  return g_steal_pointer (&path);
}

/**
 * ckpt_path_get_short_label:
 * @tree: a tree
 * @child: a child
 *
 * Returns: (transfer full) (nullable): what a part of a path in the short form is compared with: a text key as it is, an index, a name,
 *   the literal of another key
 */
char *
ckpt_path_get_short_label (CkptTree *tree, const CkptChild *child)
{
  const char *text;
  gsize length;

  switch (child->kind)
    {
    case CKPT_STEP_INDEX:
    case CKPT_STEP_ITEM:
      return g_strdup_printf ("%u", child->index);

    case CKPT_STEP_KEY:
    case CKPT_STEP_ATTRIBUTE:
    case CKPT_STEP_KEYWORD:
      text = ckpt_tree_peek_whole_text (tree, child->key, &length);
      if (text == NULL)
        return ckpt_tree_repr (tree, child->key);
      return memchr (text, '\0', length) == NULL ? g_strndup (text, length) : NULL;

    case CKPT_STEP_STATE:
    case CKPT_STEP_ARGUMENT:
    default:
      return NULL;
    }
}

/**
 * ckpt_path_is_int_key:
 * @tree: a tree
 * @child: a child
 *
 * Returns: whether its label is a number, not text that looks like one
 */
gboolean
ckpt_path_is_int_key (CkptTree *tree, const CkptChild *child)
{
  return child->key == CKPT_NO_NODE || ckpt_tree_get_kind (tree, child->key) == CKPT_KIND_INT;
}

/* A part is an index or int key if there is one, else the text key, else a name. */
static gboolean
find_short (CkptTree *tree, CkptNodeId node, const char *part, CkptChild *found)
{
  guint32 n = ckpt_tree_get_n_children (tree, node);
  gboolean is_found = FALSE;
  CkptChild child;

  for (guint32 i = 0; i < n; i++)
    {
      g_autofree char *label = NULL;

      ckpt_tree_get_child (tree, node, i, &child);
      label = ckpt_path_get_short_label (tree, &child);
      if (label == NULL || strcmp (label, part) != 0)
        continue;

      if (ckpt_path_is_int_key (tree, &child))
        {
          *found = child;
          return TRUE;
        }
      if (!is_found)
        *found = child;
      is_found = TRUE;
    }
  return is_found;
}

static CkptPath *
resolve_short (CkptTree *tree, const char *text, GError **error)
{
  g_autoptr (CkptPath) path = ckpt_path_new ();
  g_auto (GStrv) parts = g_strsplit (text, "/", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      CkptChild child;

      /* As with folders, a slash at either end means nothing. */
      if (*parts[i] == '\0' && (i == 0 || parts[i + 1] == NULL))
        continue;

      if (!find_short (tree, ckpt_path_get_node (path, tree), parts[i], &child))
        {
          ckpt_path_explain (tree, path, parts[i], error);
          return NULL;
        }
      ckpt_path_push (path, &child);
    }
  return g_steal_pointer (&path);
}

/**
 * ckpt_path_resolve:
 * @tree: a tree with a root
 * @text: a path: the long form that ckpt_path_to_string() gives, or keys joined by "/"
 * @error: return location
 *
 * Finds the one value that a path names.
 *
 * Returns: (transfer full): the path, or %NULL with %CKPT_ERROR_NO_SUCH_PATH, whose message says how far the path goes
 */
CkptPath *
ckpt_path_resolve (CkptTree *tree, const char *text, GError **error)
{
  CkptPath *path;

  g_return_val_if_fail (tree != NULL && text != NULL, NULL);

  if (ckpt_tree_get_root (tree) == CKPT_NO_NODE)
    {
      ckpt_error_set (error, CKPT_ERROR_NO_SUCH_PATH, "no-such-path", _ ("The file holds no values."));
      return NULL;
    }

  if (strcmp (text, ".") == 0)
    return ckpt_path_new ();

  if (*text == '[')
    return resolve_long (tree, text, error);

  /* A key may begin with a dot. */
  path = *text == '.' ? resolve_long (tree, text, NULL) : NULL;
  return path != NULL ? path : resolve_short (tree, text, error);
}
