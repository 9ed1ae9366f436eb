/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the words of an edit are read and written. */
#include "edit/ckpt-edit.h"
#include "edit/ckpt-verbs.h"

#include <string.h>

static const CkptVerb verb = {
  .name = "try",
  .usage = "FROM [TO] [--under=PATH] [--all]",
  .options = "under= all",
  .min_words = 1,
  .max_words = 2,
};

static CkptWords *
read_words (const char *line, GError **error)
{
  g_auto (GStrv) words = NULL;

  if (*line == '\0')
    words = g_new0 (char *, 1);
  else
    g_assert_true (g_shell_parse_argv (line, NULL, &words, NULL));
  return ckpt_words_new (&verb, (const char *const *) words, error);
}

static void
check_line (const char *line, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CkptWords) words = read_words (line, &error);
  g_autofree char *written = NULL;

  g_assert_no_error (error);
  written = ckpt_words_to_string (words);
  g_assert_cmpstr (written, ==, expected);
}

static void
check_refused (const char *line, const char *code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CkptWords) words = read_words (line, &error);

  g_assert_null (words);
  g_assert_error (error, CKPT_ERROR, CKPT_ERROR_INVALID_EDIT);
  g_assert_cmpstr (ckpt_error_get_code (error), ==, code);
}

static void
test_read (void)
{
  g_autoptr (CkptWords) words = read_words ("--under 'a b' from --all to", NULL);

  g_assert_nonnull (words);
  g_assert_cmpuint (ckpt_words_get_n (words), ==, 2);
  g_assert_cmpstr (ckpt_words_get (words, 0), ==, "from");
  g_assert_cmpstr (ckpt_words_get (words, 1), ==, "to");
  g_assert_null (ckpt_words_get (words, 2));
  g_assert_cmpstr (ckpt_words_get_option (words, "under"), ==, "a b");
  g_assert_cmpstr (ckpt_words_get_option (words, "all"), ==, "");
  g_assert_false (ckpt_words_has_option (words, "from"));
}

static void
test_write (void)
{
  check_line ("a", "a");
  check_line ("--all a --under=m b", "a b --all --under=m");
  check_line ("'' --under=", "'' --under=");
  check_line ("'it'\\''s' '*'", "'it'\\''s' '*'");
  check_line ("--all -- --under", "--all -- --under");
  check_line ("-- --", "-- --");
  check_line ("'[\"a\"]' '#b' --under='c d'", "'[\"a\"]' '#b' '--under=c d'");
}

static void
test_refused (void)
{
  check_refused ("", "edit-words");
  check_refused ("a b c", "edit-words");
  check_refused ("a --und=x", "edit-option");
  check_refused ("a --underx=x", "edit-option");
  check_refused ("a --under", "edit-option");
  check_refused ("a --all=x", "edit-option");
  check_refused ("a --all --all", "edit-option");
  check_refused ("a --=x", "edit-option");
}

/* Random words of bytes that mean something to a shell come back as they went in. */
static void
test_round_trip (void)
{
  static const char letters[] = "ab'\"\\ \n\t#$`-=*\xc3\xa9";

  for (guint i = 0; i < 20000; i++)
    {
      const char *const given[] = { "--", (char[12]) { 0 }, (char[12]) { 0 }, NULL };
      g_autoptr (CkptWords) first = NULL;
      g_autoptr (CkptWords) second = NULL;
      g_autofree char *line = NULL;

      for (guint word = 1; word <= 2; word++)
        {
          guint n = (guint) g_test_rand_int_range (0, 11);

          for (guint j = 0; j < n; j++)
            ((char *) given[word])[j] = letters[g_test_rand_int_range (0, sizeof letters - 1)];
        }
      first = ckpt_words_new (&verb, given, NULL);
      line = ckpt_words_to_string (first);
      second = read_words (line, NULL);
      g_assert_nonnull (second);
      g_assert_cmpstr (ckpt_words_get (second, 0), ==, given[1]);
      g_assert_cmpstr (ckpt_words_get (second, 1), ==, given[2]);
    }
}

/* The words of `ckpt edit` go to the option before them, up to the next that is a verb: so no verb has the name of an option. */
static void
test_table (void)
{
  guint n;
  const CkptVerb *const *verbs = ckpt_verbs_get (&n);

  for (guint i = 0; i < n; i++)
    {
      g_auto (GStrv) options = g_strsplit (verbs[i]->options != NULL ? verbs[i]->options : "", " ", -1);

      g_assert_true (ckpt_verbs_find (verbs[i]->name) == verbs[i]);
      g_assert_nonnull (verbs[i]->usage);
      g_assert_nonnull (verbs[i]->summary);
      g_assert_cmpuint (verbs[i]->min_words, <=, verbs[i]->max_words);
      for (char **option = options; *option != NULL; option++)
        {
          g_autofree char *name = g_strndup (*option, strcspn (*option, "="));
          g_autofree char *used = g_strconcat ("--", *option, NULL);

          g_assert_null (ckpt_verbs_find (name));
          g_assert_nonnull (strstr (verbs[i]->usage, used));
        }
    }
  g_assert_null (ckpt_verbs_find ("no-such-verb"));
}

static void
test_parse (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ckpt_edit_parse ("", &error));
  g_assert_cmpstr (ckpt_error_get_code (error), ==, "edit-empty");
  g_clear_error (&error);
  g_assert_null (ckpt_edit_parse ("rename 'a", &error));
  g_assert_cmpstr (ckpt_error_get_code (error), ==, "edit-quoting");
  g_clear_error (&error);
  g_assert_null (ckpt_edit_parse ("no-such-verb a", &error));
  g_assert_cmpstr (ckpt_error_get_code (error), ==, "no-such-verb");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/edit-words/read", test_read);
  g_test_add_func ("/edit-words/write", test_write);
  g_test_add_func ("/edit-words/refused", test_refused);
  g_test_add_func ("/edit-words/round-trip", test_round_trip);
  g_test_add_func ("/edit-words/table", test_table);
  g_test_add_func ("/edit-words/parse", test_parse);
  return g_test_run ();
}
