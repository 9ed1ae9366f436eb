/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Edits among the words of a command line. GOption cannot read them: their order counts, and they take any number of words. */
#include "edit-words.h"

#include <string.h>

#include <glib/gi18n.h>

typedef struct
{
  const GOptionEntry *entries;
  char **argv;
  int argc;
  int at;
  GPtrArray *left; /* what is no edit */
  GPtrArray *edits;
} Reader;

/* Whether @word is a letter that is an option, alone: -n. */
static gboolean
is_letter (const char *word, char letter)
{
  return letter != '\0' && word[0] == '-' && word[1] == letter && word[2] == '\0';
}

/* Whether @word is the long option @name, alone or with a value behind "=". */
static gboolean
is_option (const char *word, const char *name)
{
  gsize length = strlen (name);

  return g_str_has_prefix (word, "--") && strncmp (word + 2, name, length) == 0 &&
         (word[2 + length] == '\0' || word[2 + length] == '=');
}

static const CkptVerb *
find_verb (const char *word)
{
  g_autofree char *name = g_str_has_prefix (word, "--") ? g_strndup (word + 2, strcspn (word + 2, "="))
                                                        : NULL;

  return name != NULL ? ckpt_verbs_find (name) : NULL;
}

/* The option of the command that @word is, or NULL. */
static const GOptionEntry *
find_entry (const Reader *self, const char *word)
{
  static const GOptionEntry help = { .long_name = "help", .arg = G_OPTION_ARG_NONE };

  for (const GOptionEntry *entry = self->entries; entry->long_name != NULL; entry++)
    if (is_option (word, entry->long_name) || is_letter (word, entry->short_name))
      return entry;
  return is_option (word, "help") || is_letter (word, 'h') ? &help : NULL;
}

/* What is behind "=", or the next word. */
static const char *
take_value (Reader *self)
{
  const char *word = self->argv[self->at++];
  const char *equals = strchr (word, '=');

  if (equals != NULL)
    return equals + 1;
  return self->at < self->argc ? self->argv[self->at++] : NULL;
}

static gboolean
fail_value (GError **error, const char *option)
{
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("A value is missing after “%s”"), option);
  return FALSE;
}

static gboolean
take_line (Reader *self, GError **error)
{
  const char *line = take_value (self);
  CkptEdit *edit;

  if (line == NULL)
    return fail_value (error, "--edit");

  edit = ckpt_edit_parse (line, error);
  if (edit == NULL)
    return FALSE;
  g_ptr_array_add (self->edits, edit);
  return TRUE;
}

static gboolean
take_recipe (Reader *self, GError **error)
{
  const char *path = take_value (self);
  GPtrArray *edits;

  if (path == NULL)
    return fail_value (error, "--recipe");

  edits = ckpt_recipe_load (path, error);
  if (edits == NULL)
    return FALSE;
  g_ptr_array_extend_and_steal (self->edits, edits);
  return TRUE;
}

/* Takes the words of an edit: up to the next edit or option of the command; behind "--" all. */
static gboolean
take_edit (Reader *self, const CkptVerb *verb, GError **error)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  const char *equals = strchr (self->argv[self->at++], '=');
  gboolean has_ended = FALSE;
  CkptEdit *edit;

  if (equals != NULL)
    g_ptr_array_add (words, (char *) equals + 1);
  for (; self->at < self->argc; self->at++)
    {
      char *word = self->argv[self->at];

      if (!has_ended && (find_verb (word) != NULL || find_entry (self, word) != NULL))
        break;
      has_ended = has_ended || strcmp (word, "--") == 0;
      g_ptr_array_add (words, word);
    }
  g_ptr_array_add (words, NULL);

  edit = ckpt_edit_new (verb->name, (const char *const *) words->pdata, error);
  if (edit == NULL)
    return FALSE;
  g_ptr_array_add (self->edits, edit);
  return TRUE;
}

/* Leaves an option, or a file, to GOption. */
static void
leave (Reader *self)
{
  const char *word = self->argv[self->at++];
  const GOptionEntry *entry = find_entry (self, word);

  g_ptr_array_add (self->left, (char *) word);
  if (entry != NULL && entry->arg != G_OPTION_ARG_NONE && strchr (word, '=') == NULL && self->at < self->argc)
    g_ptr_array_add (self->left, self->argv[self->at++]);
}

/**
 * edit_words_take:
 * @entries: the options of the command
 * @argv: (array length=argc): all of its words
 * @left: (element-type utf8): where the words go that are no edits; they stay owned by @argv
 * @error: return location
 *
 * Takes the edits: `--VERB WORD...`, `--edit LINE` and `--recipe FILE`, in their order.
 *
 * Returns: (transfer full) (element-type CkptEdit): the edits, or NULL with an error
 */
GPtrArray *
edit_words_take (const GOptionEntry *entries, int argc, char **argv, GPtrArray *left, GError **error)
{
  g_autoptr (GPtrArray) edits = ckpt_recipe_new ();
  Reader reader = { entries, argv, argc, 0, left, edits };

  while (reader.at < argc)
    {
      const char *word = argv[reader.at];
      const CkptVerb *verb = find_verb (word);
      const GOptionEntry *entry = find_entry (&reader, word);
      const char *name = entry != NULL ? entry->long_name : "";
      gboolean is_taken = TRUE;

      if (strcmp (word, "--") == 0)
        break;
      if (verb != NULL)
        is_taken = take_edit (&reader, verb, error);
      else if (strcmp (name, "edit") == 0)
        is_taken = take_line (&reader, error);
      else if (strcmp (name, "recipe") == 0)
        is_taken = take_recipe (&reader, error);
      else
        leave (&reader);
      if (!is_taken)
        return NULL;
    }
  while (reader.at < argc)
    g_ptr_array_add (left, argv[reader.at++]);
  return g_steal_pointer (&edits);
}

/**
 * edit_words_help:
 * @intro: what the help says before the list of edits
 *
 * Returns: (transfer full): the part of the help that lists all edits
 */
char *
edit_words_help (const char *intro)
{
  GString *text = g_string_new (intro);
  guint n;
  const CkptVerb *const *verbs = ckpt_verbs_get (&n);

  g_string_append_printf (text, "\n\n%s\n", _ ("Edits:"));
  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "  --%s%s%s\n      %s\n", verbs[i]->name,
                            *verbs[i]->usage != '\0' ? " " : "", verbs[i]->usage,
                            g_dgettext ("stateroom", verbs[i]->summary));
  g_string_truncate (text, text->len - 1);
  return g_string_free_and_steal (text);
}
