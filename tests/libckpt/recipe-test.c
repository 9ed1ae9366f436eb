/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of edits as text, and as a command line. */
#include "test-files.h"

#include "edit/ckpt-recipe.h"
#include "io/ckpt-error.h"

#include <string.h>
#include <unistd.h>

/* What edits come to, joined by "|". */
static char *
join (GPtrArray *edits)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < edits->len; i++)
    {
      g_autofree char *line = ckpt_edit_to_string (edits->pdata[i]);

      g_string_append_printf (text, "%s%s", i > 0 ? "|" : "", line);
    }
  return g_string_free_and_steal (text);
}

static void
check_read (const char *recipe, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) edits = ckpt_recipe_parse (recipe, &error);
  g_autofree char *found = NULL;

  g_assert_no_error (error);
  found = join (edits);
  g_assert_cmpstr (found, ==, expected);
}

static void
test_read (void)
{
  check_read ("", "");
  check_read ("# nothing\n\n   \n\t# don't\n", "");
  check_read ("device a=b", "device a=b");
  check_read ("device a=b\r\ndevice c=d\r\n", "device a=b|device c=d");
  check_read ("  device a=b --under=x # why\ndevice '#'=b#c", "device a=b --under=x|device '#=b#c'");
  check_read ("device 'a\nb=c' d=e\n#x\ndevice f=g", "device 'a\nb=c' d=e|device f=g");
  check_read ("device \"it's # \\\" here\"=c", "device 'it'\\''s # \" here=c'");
  check_read ("device a=b \\\n  c=d\ndevice e=f\n", "device a=b c=d|device e=f");
  check_read ("device -- --a=b", "device -- --a=b");
}

static void
check_refused (const char *recipe, const char *code, const char *line)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) edits = ckpt_recipe_parse (recipe, &error);

  g_assert_null (edits);
  g_assert_error (error, CKPT_ERROR, CKPT_ERROR_INVALID_EDIT);
  g_assert_cmpstr (ckpt_error_get_code (error), ==, code);
  g_assert_true (g_str_has_prefix (error->message, line));
}

/* An error says the line that its edit begins on. */
static void
test_refused (void)
{
  check_refused ("nothing", "no-such-verb", "Line 1: ");
  check_refused ("# a\n\ndevice a=b\nnothing", "no-such-verb", "Line 4: ");
  check_refused ("device 'a\n\nb=c'\ndevice --no", "edit-option", "Line 4: ");
  check_refused ("device a=b \\\n c=d\ndevice 'x\ny", "edit-quoting", "Line 3: ");
  check_refused ("device", "edit-words", "Line 1: ");
}

/* Random words come back as they went in. */
static void
test_round_trip (void)
{
  static const char letters[] = "ab'\"\\ \n\t\r#$`-=*\xc3\xa9";

  for (guint i = 0; i < 3000; i++)
    {
      g_autoptr (GPtrArray) edits = ckpt_recipe_new ();
      g_autoptr (GPtrArray) read = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *text = NULL, *given = NULL, *found = NULL;

      for (guint j = 0; j < 3; j++)
        {
          char word[12] = { 0 };
          guint n = (guint) g_test_rand_int_range (0, 11);

          for (guint k = 0; k < n; k++)
            word[k] = letters[g_test_rand_int_range (0, sizeof letters - 1)];
          g_ptr_array_add (edits,
                           ckpt_edit_new ("device", (const char *const[]) { "--", word, NULL }, &error));
          g_assert_no_error (error);
        }
      text = ckpt_recipe_to_string (edits);
      read = ckpt_recipe_parse (text, &error);
      g_assert_no_error (error);
      given = join (edits);
      found = join (read);
      g_assert_cmpuint (read->len, ==, 3);
      g_assert_cmpstr (found, ==, given);
    }
}

static void
test_command (void)
{
  g_autoptr (GPtrArray)
      edits = ckpt_recipe_parse ("device '*=cpu' --under=model\ndevice -- --a=b\ndevice -n -1", NULL);
  g_autofree char *command = ckpt_recipe_to_command (edits, "my model.pt", "-o.pt");

  g_assert_cmpstr (
      command, ==,
      "ckpt edit 'my model.pt' ./-o.pt --device '*=cpu' --under=model --edit 'device -- --a=b' --edit 'device -n -1'");
}

static void
test_file (void)
{
  static const char text[] = "device a=b\n";
  g_autofree char *good = test_files_write ("good", text, strlen (text));
  g_autofree char *bad = test_files_write ("bad", "device\0", 7);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) edits = ckpt_recipe_load (good, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (edits->len, ==, 1);
  g_assert_null (ckpt_recipe_load (bad, &error));
  g_assert_cmpstr (ckpt_error_get_code (error), ==, "no-recipe");
  g_clear_error (&error);
  g_assert_null (ckpt_recipe_load ("/nowhere/at/all", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (ckpt_recipe_load ("/dev/zero", &error));
  g_assert_cmpstr (ckpt_error_get_code (error), ==, "no-recipe");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recipe/read", test_read);
  g_test_add_func ("/recipe/refused", test_refused);
  g_test_add_func ("/recipe/round-trip", test_round_trip);
  g_test_add_func ("/recipe/command", test_command);
  g_test_add_func ("/recipe/file", test_file);
  return g_test_run ();
}
