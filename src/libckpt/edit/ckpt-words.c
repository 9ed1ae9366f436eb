/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-words.h"

#include "edit/ckpt-verb.h"
#include "io/ckpt-error.h"
#include "model/ckpt-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Characters of a word that an error shows. */
#define MAX_SHOWN 60

typedef struct
{
  char *name;
  char *value; /* NULL: it takes none */
} Option;

struct _CkptWords
{
  GPtrArray *words;
  GArray *options; /* of Option */
};

static void
option_clear (gpointer data)
{
  Option *option = data;

  g_free (option->name);
  g_free (option->value);
}

static char *
show (const char *word)
{
  return ckpt_text_escape (word, strlen (word), MAX_SHOWN);
}

/* Whether the verb has an option of this name, and whether that takes a value. */
static gboolean
find_option (const CkptVerb *verb, const char *name, gsize length, gboolean *takes_value)
{
  const char *at = verb->options != NULL ? verb->options : "";

  while (*at != '\0')
    {
      gsize n = strcspn (at, " ");
      gboolean is_valued = n > 0 && at[n - 1] == '=';

      if (n - is_valued == length && strncmp (at, name, length) == 0)
        {
          *takes_value = is_valued;
          return TRUE;
        }
      at += n + strspn (at + n, " ");
    }
  return FALSE;
}

/* Takes the option at @words[@i], and its value from the next word if it is not in this one. */
static gboolean
add_option (CkptWords *self, const CkptVerb *verb, const char *const *words, guint *i, GError **error)
{
  const char *name = words[*i] + 2;
  gsize length = strcspn (name, "=");
  g_autofree char *shown = show (words[*i]);
  gboolean takes_value;
  Option option;

  if (!find_option (verb, name, length, &takes_value))
    return ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "edit-option", _ ("“%s” has no option “%s”."),
                           verb->name, shown);
  if (!takes_value && name[length] == '=')
    return ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "edit-option",
                           _ ("The option “%s” of “%s” takes no value."), shown, verb->name);
  if (takes_value && name[length] == '\0' && words[*i + 1] == NULL)
    return ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "edit-option",
                           _ ("The option “%s” of “%s” needs a value."), shown, verb->name);

  option.name = g_strndup (name, length);
  if (ckpt_words_has_option (self, option.name))
    {
      g_free (option.name);
      return ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "edit-option",
                             _ ("The option “%s” of “%s” is given twice."), shown, verb->name);
    }
  if (takes_value && name[length] == '\0')
    option.value = g_strdup (words[++*i]);
  else
    option.value = takes_value ? g_strdup (name + length + 1) : NULL;
  g_array_append_val (self->options, option);
  return TRUE;
}

static gboolean
check_count (const CkptWords *self, const CkptVerb *verb, GError **error)
{
  if (self->words->len < verb->min_words)
    return ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "edit-words", _ ("A word is missing: “%s %s”."),
                           verb->name, verb->usage);
  if (self->words->len > verb->max_words)
    return ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "edit-words",
                           _ ("There are too many words: “%s %s”."), verb->name, verb->usage);
  return TRUE;
}

/**
 * ckpt_words_new:
 * @verb: what they follow
 * @words: (array zero-terminated=1): words and options in any order; after `--` all are words
 * @error: return location
 *
 * Returns: (transfer full): the words; %NULL with %CKPT_ERROR_INVALID_EDIT if @verb does not take them
 */
CkptWords *
ckpt_words_new (const CkptVerb *verb, const char *const *words, GError **error)
{
  g_autoptr (CkptWords) self = g_new0 (CkptWords, 1);
  gboolean has_ended = FALSE;

  self->words = g_ptr_array_new_with_free_func (g_free);
  self->options = g_array_new (FALSE, FALSE, sizeof (Option));
  g_array_set_clear_func (self->options, option_clear);

  for (guint i = 0; words[i] != NULL; i++)
    {
      if (!has_ended && strcmp (words[i], "--") == 0)
        has_ended = TRUE;
      else if (has_ended || !g_str_has_prefix (words[i], "--"))
        g_ptr_array_add (self->words, g_strdup (words[i]));
      else if (!add_option (self, verb, words, &i, error))
        return NULL;
    }
  return check_count (self, verb, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * ckpt_words_free:
 * @self: (nullable): words
 */
void
ckpt_words_free (CkptWords *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->words);
  g_array_unref (self->options);
  g_free (self);
}

/**
 * ckpt_words_get_n:
 * @self: words
 *
 * Returns: how many there are, options aside
 */
guint
ckpt_words_get_n (const CkptWords *self)
{
  return self->words->len;
}

/**
 * ckpt_words_get:
 * @self: words
 * @i: a number
 *
 * Returns: (transfer none) (nullable): word @i, options not counted; %NULL if there are not as many
 */
const char *
ckpt_words_get (const CkptWords *self, guint i)
{
  return i < self->words->len ? self->words->pdata[i] : NULL;
}

/**
 * ckpt_words_get_option:
 * @self: words
 * @name: the name of an option, without `--`
 *
 * Returns: (transfer none) (nullable): its value; "" if it takes none; %NULL if it was not given
 */
const char *
ckpt_words_get_option (const CkptWords *self, const char *name)
{
  for (guint i = 0; i < self->options->len; i++)
    {
      const Option *option = &g_array_index (self->options, Option, i);

      if (strcmp (option->name, name) == 0)
        return option->value != NULL ? option->value : "";
    }
  return NULL;
}

/**
 * ckpt_words_has_option:
 * @self: words
 * @name: the name of an option, without `--`
 *
 * Returns: whether it was given
 */
gboolean
ckpt_words_has_option (const CkptWords *self, const char *name)
{
  return ckpt_words_get_option (self, name) != NULL;
}

/**
 * ckpt_word_quote:
 * @word: any text
 *
 * Returns: (transfer full): what a shell, and ckpt_edit_parse(), read as @word
 */
char *
ckpt_word_quote (const char *word)
{
  static const char plain[] = G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "_-./:=+,@%^";

  if (*word != '\0' && strspn (word, plain) == strlen (word))
    return g_strdup (word);
  return g_shell_quote (word);
}

static void
append_word (GString *line, const char *word)
{
  g_autofree char *quoted = ckpt_word_quote (word);

  if (line->len > 0)
    g_string_append_c (line, ' ');
  g_string_append (line, quoted);
}

static void
append_options (GString *line, const CkptWords *self)
{
  for (guint i = 0; i < self->options->len; i++)
    {
      const Option *option = &g_array_index (self->options, Option, i);
      g_autofree char *word = option->value != NULL ? g_strdup_printf ("--%s=%s", option->name, option->value)
                                                    : g_strdup_printf ("--%s", option->name);

      append_word (line, word);
    }
}

static gboolean
has_dashes (const CkptWords *self)
{
  for (guint i = 0; i < self->words->len; i++)
    if (g_str_has_prefix (self->words->pdata[i], "--"))
      return TRUE;
  return FALSE;
}

/**
 * ckpt_words_to_string:
 * @self: words
 *
 * Words, then options; where a word itself begins with `--`, options, then `--`, then words.
 *
 * Returns: (transfer full): text that ckpt_words_new() reads as @self, once a shell has taken it apart
 */
char *
ckpt_words_to_string (const CkptWords *self)
{
  GString *line = g_string_new (NULL);
  gboolean is_dashed = has_dashes (self);

  if (is_dashed)
    {
      append_options (line, self);
      append_word (line, "--");
    }
  for (guint i = 0; i < self->words->len; i++)
    append_word (line, self->words->pdata[i]);
  if (!is_dashed)
    append_options (line, self);
  return g_string_free_and_steal (line);
}

/**
 * ckpt_words_match:
 * @self: words
 * @i: a word that there is
 * @tree: a tree
 * @error: return location
 *
 * Finds what word @i names: a path in the long or the short form, with globs; `.` is the root.
 *
 * Returns: (transfer full) (element-type CkptPath): at least one path; %NULL with %CKPT_ERROR_NO_SUCH_PATH if nothing matches
 */
GPtrArray *
ckpt_words_match (const CkptWords *self, guint i, CkptTree *tree, GError **error)
{
  g_return_val_if_fail (i < self->words->len, NULL);

  return ckpt_tree_match (tree, self->words->pdata[i], error);
}

/**
 * ckpt_words_match_all:
 * @self: words
 * @from: the first word to look at
 * @tree: a tree
 * @error: return location
 *
 * Finds what the words from @from on name, each place once, in the order of the words.
 *
 * Returns: (transfer full) (element-type CkptPath): paths; none if there are no such words; %NULL with %CKPT_ERROR_NO_SUCH_PATH if a
 *   word matches nothing
 */
GPtrArray *
ckpt_words_match_all (const CkptWords *self, guint from, CkptTree *tree, GError **error)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) ckpt_path_free);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = from; i < self->words->len; i++)
    {
      g_autoptr (GPtrArray) paths = ckpt_words_match (self, i, tree, error);

      if (paths == NULL)
        return NULL;
      for (guint j = 0; j < paths->len; j++)
        if (g_hash_table_add (seen, ckpt_path_to_string (paths->pdata[j], tree)))
          g_ptr_array_add (all, ckpt_path_copy (paths->pdata[j]));
    }
  return g_steal_pointer (&all);
}

/**
 * ckpt_words_list_under:
 * @self: words of a verb that has the option `under=`
 * @tree: a tree with a root
 * @error: return location
 *
 * Tells where a verb is to work: at what `--under` names, or everywhere.
 *
 * Returns: (transfer full) (element-type CkptNodeId): at least one value, each once; %NULL with %CKPT_ERROR_NO_SUCH_PATH if `--under`
 *   matches nothing
 */
GArray *
ckpt_words_list_under (const CkptWords *self, CkptTree *tree, GError **error)
{
  const char *under = ckpt_words_get_option (self, "under");
  g_autoptr (GPtrArray) paths = ckpt_tree_match (tree, under != NULL ? under : ".", error);
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  GArray *nodes;

  if (paths == NULL)
    return NULL;

  nodes = g_array_sized_new (FALSE, FALSE, sizeof (CkptNodeId), paths->len);
  for (guint i = 0; i < paths->len; i++)
    {
      CkptNodeId node = ckpt_path_get_node (paths->pdata[i], tree);

      if (g_hash_table_add (seen, GUINT_TO_POINTER (node)))
        g_array_append_val (nodes, node);
    }
  return nodes;
}
