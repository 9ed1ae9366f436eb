/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-recipe.h"

#include "io/ckpt-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Bytes of a recipe that is read from a file. */
#define MAX_BYTES (64 * 1024 * 1024)

/**
 * ckpt_recipe_new:
 *
 * Returns: (transfer full) (element-type CkptEdit): an empty list of edits
 */
GPtrArray *
ckpt_recipe_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) ckpt_edit_unref);
}

/* Takes one line, without its comment. A line break within quotes, or behind a backslash, is part of the line, as in a shell. */
static void
take_line (const char **at, guint *line_number, GString *line)
{
  char quote = '\0';
  gboolean begins_word = TRUE;
  const char *p = *at;

  for (; *p != '\0' && (*p != '\n' || quote != '\0'); p++)
    {
      if (quote == '\0' && *p == '#' && begins_word)
        {
          p += strcspn (p, "\n");
          break;
        }
      begins_word = quote == '\0' && strchr (" \t", *p) != NULL;
      if (*p == '\n')
        ++*line_number;
      if (*p == '\\' && quote != '\'' && p[1] != '\0')
        {
          g_string_append_c (line, *p++);
          *line_number += *p == '\n';
        }
      else if (*p == quote)
        quote = '\0';
      else if (quote == '\0' && (*p == '\'' || *p == '"'))
        quote = *p;
      else if (quote == '\0' && *p == '\r' && p[1] == '\n')
        continue;
      g_string_append_c (line, *p);
    }
  *at = *p == '\n' ? p + 1 : p;
}

static gboolean
is_blank (const char *line)
{
  return line[strspn (line, " \t\n")] == '\0';
}

/**
 * ckpt_recipe_parse:
 * @text: lines
 * @error: return location
 *
 * Reads edits, one a line, written as ckpt_edit_to_string() does. Empty lines and what follows a `#` at the beginning of a word are passed over.
 *
 * Returns: (transfer full) (element-type CkptEdit): the edits; %NULL with %CKPT_ERROR_INVALID_EDIT, which names the line
 */
GPtrArray *
ckpt_recipe_parse (const char *text, GError **error)
{
  g_autoptr (GPtrArray) edits = ckpt_recipe_new ();
  guint line_number = 0;

  g_return_val_if_fail (text != NULL, NULL);

  while (*text != '\0')
    {
      g_autoptr (GString) line = g_string_new (NULL);
      guint first = ++line_number;
      CkptEdit *edit;

      take_line (&text, &line_number, line);
      if (is_blank (line->str))
        continue;
      edit = ckpt_edit_parse (line->str, error);
      if (edit == NULL)
        {
          g_prefix_error (error, _ ("Line %u: "), first);
          return NULL;
        }
      g_ptr_array_add (edits, edit);
    }
  return g_steal_pointer (&edits);
}

static char *
read_text (GFile *file, GError **error)
{
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, error);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  gssize n = 1;

  if (stream == NULL)
    return NULL;

  while (n > 0 && bytes->len <= MAX_BYTES)
    {
      guint8 block[16384];

      n = g_input_stream_read (G_INPUT_STREAM (stream), block, sizeof block, NULL, error);
      if (n < 0)
        return NULL;
      g_byte_array_append (bytes, block, (guint) n);
    }
  if (bytes->len > MAX_BYTES || memchr (bytes->data, '\0', bytes->len) != NULL)
    {
      ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "no-recipe",
                      _ ("This is no recipe: it is no text, or too long."));
      return NULL;
    }
  g_byte_array_append (bytes, (const guint8 *) "", 1);
  return (char *) g_byte_array_free (g_steal_pointer (&bytes), FALSE);
}

/**
 * ckpt_recipe_load:
 * @path: (type filename): a file, or a pipe
 * @error: return location
 *
 * Returns: (transfer full) (element-type CkptEdit): its edits; %NULL with %CKPT_ERROR_INVALID_EDIT, or an error of G_IO_ERROR
 */
GPtrArray *
ckpt_recipe_load (const char *path, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autofree char *text = read_text (file, error);

  return text != NULL ? ckpt_recipe_parse (text, error) : NULL;
}

/**
 * ckpt_recipe_to_string:
 * @edits: (element-type CkptEdit): edits
 *
 * Returns: (transfer full): the text that ckpt_recipe_parse() reads as @edits
 */
char *
ckpt_recipe_to_string (GPtrArray *edits)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < edits->len; i++)
    {
      g_autofree char *line = ckpt_edit_to_string (edits->pdata[i]);

      g_string_append (text, line);
      g_string_append_c (text, '\n');
    }
  return g_string_free_and_steal (text);
}

/* Whether the command would take a word of an edit for an option of its own. */
static gboolean
has_option_like (const CkptWords *words)
{
  guint n = ckpt_words_get_n (words);

  for (guint i = 0; i < n; i++)
    {
      const char *word = ckpt_words_get (words, i);

      if (word[0] == '-' && !g_ascii_isdigit (word[1]))
        return TRUE;
    }
  return FALSE;
}

/* `--rename a b`, or `--edit 'rename -- --a b'` where that would mean something else. */
static void
append_edit (GString *command, CkptEdit *edit)
{
  g_autofree char *line = ckpt_edit_to_string (edit);
  g_autofree char *quoted = NULL;

  if (!has_option_like (ckpt_edit_get_words (edit)))
    {
      g_string_append_printf (command, " --%s", line);
      return;
    }
  quoted = ckpt_word_quote (line);
  g_string_append_printf (command, " --edit %s", quoted);
}

/**
 * ckpt_recipe_to_command:
 * @edits: (element-type CkptEdit): edits
 * @input: (type filename): the checkpoint to change
 * @output: (type filename): where the changed one goes
 *
 * Returns: (transfer full): the command line for a shell that does the same: `ckpt edit IN OUT --rename a b`
 */
char *
ckpt_recipe_to_command (GPtrArray *edits, const char *input, const char *output)
{
  GString *command = g_string_new ("ckpt edit");
  const char *const names[] = { input, output };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *safe = *names[i] == '-' ? g_strconcat ("./", names[i], NULL) : g_strdup (names[i]);
      g_autofree char *quoted = ckpt_word_quote (safe);

      g_string_append_printf (command, " %s", quoted);
    }
  for (guint i = 0; i < edits->len; i++)
    append_edit (command, edits->pdata[i]);
  return g_string_free_and_steal (command);
}
