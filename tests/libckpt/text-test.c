/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/ckpt-text.h"

#include <string.h>

typedef struct
{
  const char *text;
  gssize length; /* -1: up to the NUL */
  const char *shown;
  const char *quoted;
} TextCase;

static const TextCase text_cases[] = {
  { "conv1.weight", -1, "conv1.weight", "\"conv1.weight\"" },
  { "", -1, "", "\"\"" },
  { "模型 🚢 é", -1, "模型 🚢 é", "\"模型 🚢 é\"" },
  { "<b>&amp;</b>%s%n", -1, "<b>&amp;</b>%s%n", "\"<b>&amp;</b>%s%n\"" },
  { "say \"hi\"", -1, "say \"hi\"", "\"say \\\"hi\\\"\"" },
  { "it's", -1, "it's", "\"it's\"" },
  { "C:\\new", -1, "C:\\new", "\"C:\\\\new\"" },
  { "a\0b", 3, "a\\x00b", "\"a\\x00b\"" },
  { "line1\nline2\ttab\rcr", -1, "line1\\nline2\\ttab\\rcr", "\"line1\\nline2\\ttab\\rcr\"" },
  { "\x1b[2J\x1b]0;pwn\x07", -1, "\\x1b[2J\\x1b]0;pwn\\x07", "\"\\x1b[2J\\x1b]0;pwn\\x07\"" },
  { "\x7f\x08", -1, "\\x7f\\x08", "\"\\x7f\\x08\"" },
  { "\xc2\x9b"
    "31m\xc2\x85",
    -1, "\\u009b31m\\u0085", "\"\\u009b31m\\u0085\"" },
  { "\xe2\x80\xae\xe2\x81\xa6\xe2\x80\x8f", -1, "\\u202e\\u2066\\u200f", "\"\\u202e\\u2066\\u200f\"" },
  { "\xe2\x80\xa8\xe2\x80\xa9", -1, "\\u2028\\u2029", "\"\\u2028\\u2029\"" },
  { "w\xe2\x80\x8b\xc2\xad\xef\xbb\xbf", -1, "w\\u200b\\u00ad\\ufeff", "\"w\\u200b\\u00ad\\ufeff\"" },
  { "a\xc2\xa0z\xe3\x80\x80z", -1, "a\\u00a0z\\u3000z", "\"a\\u00a0z\\u3000z\"" },
  { "\xe3\x85\xa4\xe1\x85\x9f", -1, "\\u3164\\u115f", "\"\\u3164\\u115f\"" },
  { "\xed\x9f\xbf\xee\x80\x80\xef\xb7\x90\xef\xbf\xbf", -1, "\\ud7ff\\ue000\\ufdd0\\uffff",
    "\"\\ud7ff\\ue000\\ufdd0\\uffff\"" },
  { "\xf4\x8f\xbf\xbf\xf3\xa0\x81\x81", -1, "\\U0010ffff\\U000e0041", "\"\\U0010ffff\\U000e0041\"" },
  { "a\xed\xa0\x80z\xed\xbf\xbf", -1, "a\\ud800z\\udfff", "\"a\\ud800z\\udfff\"" },
  { "\xff\xfe.pt", -1, "\\xff\\xfe.pt", "\"\\xff\\xfe.pt\"" },
  { "\xc3\xbf", -1, "ÿ", "\"ÿ\"" },
  { "\xc0\x80\xe0\x80\x80", -1, "\\xc0\\x80\\xe0\\x80\\x80", "\"\\xc0\\x80\\xe0\\x80\\x80\"" },
  { "cut \xe6\xa8", -1, "cut \\xe6\\xa8", "\"cut \\xe6\\xa8\"" },
  { "\xed\xa0", -1, "\\xed\\xa0", "\"\\xed\\xa0\"" },
  { "\xf7\xbf\xbf\xbf", -1, "\\xf7\\xbf\\xbf\\xbf", "\"\\xf7\\xbf\\xbf\\xbf\"" },
};

static void
test_escape (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (text_cases); i++)
    {
      const TextCase *row = &text_cases[i];
      gsize length = row->length < 0 ? strlen (row->text) : (gsize) row->length;
      g_autofree char *shown = ckpt_text_escape (row->text, length, 0);
      g_autofree char *quoted = ckpt_text_quote (row->text, length);

      g_assert_cmpstr (shown, ==, row->shown);
      g_assert_cmpstr (quoted, ==, row->quoted);
    }
}

/* Whatever comes in, what goes out is UTF-8 without a control, and safe text stays as it is. */
static void
test_escape_any_bytes (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  for (guint round = 0; round < 20000; round++)
    {
      char text[24];
      gsize length = g_rand_int_range (random, 0, sizeof text);
      g_autofree char *shown = NULL;
      g_autofree char *again = NULL;
      g_autofree char *quoted = NULL;

      for (gsize i = 0; i < length; i++)
        text[i] = g_rand_boolean (random) ? g_rand_int (random) : 0xe0 | (g_rand_int (random) & 0x1f);

      shown = ckpt_text_escape (text, length, 0);
      again = ckpt_text_escape (shown, strlen (shown), 0);
      quoted = ckpt_text_quote (text, length);
      g_assert_true (g_utf8_validate (shown, -1, NULL));
      g_assert_true (g_utf8_validate (quoted, -1, NULL));
      g_assert_cmpstr (shown, ==, again);
      for (const char *at = shown; *at != '\0'; at = g_utf8_next_char (at))
        g_assert_false (g_unichar_iscntrl (g_utf8_get_char (at)));
    }
}

static void
test_escape_cuts (void)
{
  static const struct
  {
    const char *text;
    guint max_chars;
    const char *shown;
  } cases[] = {
    { "abcdef", 6, "abcdef" },
    { "abcdef", 5, "abcde…" },
    { "模型权重", 2, "模型…" },
    { "ab\x1b", 6, "ab\\x1b" },
    { "ab\x1b", 5, "ab…" },
    { "ab\x1b", 3, "ab…" },
    { "\xe2\x80\xae"
      "abc",
      5, "…" },
    { "\xff\xff", 4, "\\xff…" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *shown = ckpt_text_escape (cases[i].text, strlen (cases[i].text), cases[i].max_chars);

      g_assert_cmpstr (shown, ==, cases[i].shown);
    }
}

/* A letter with 10,000 accents would be drawn over half the screen. */
static void
test_escape_marks (void)
{
  GString *text = g_string_new ("e");
  g_autofree char *shown = NULL;
  const char *accented = "ȩ̂́x́";

  for (guint i = 0; i < 10000; i++)
    g_string_append (text, "\u0301");
  g_string_append_c (text, '.');
  shown = ckpt_text_escape (text->str, text->len, 0);
  g_assert_true (g_str_has_prefix (shown, "e\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\\u0301\\u0301"));
  g_assert_true (g_str_has_suffix (shown, "\\u0301."));
  g_string_free (text, TRUE);

  g_free (shown);
  shown = ckpt_text_escape (accented, strlen (accented), 0);
  g_assert_cmpstr (shown, ==, accented);
}

static void
assert_literal (const char *literal, GString *out)
{
  g_assert_cmpstr (out->str, ==, literal);
  g_string_truncate (out, 0);
}

/* The expectations are what Python 3 prints. */
static void
test_python_literals (void)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *bytes = ckpt_text_quote_bytes ("\0\xff"
                                                  "a\n",
                                                  4);

  g_assert_cmpstr (bytes, ==, "b'\\x00\\xffa\\n'");
  ckpt_text_append_bytes (out, "it's", 4, '\0', 0);
  assert_literal ("b\"it's\"", out);
  ckpt_text_append_bytes (out, "'\"", 2, '\0', 0);
  assert_literal ("b'\\'\"'", out);
  ckpt_text_append_bytes (out, "w\\", 2, '"', 0);
  assert_literal ("b\"w\\\\\"", out);

  ckpt_text_append_quoted (out, "text", 4, '\0', 0);
  assert_literal ("'text'", out);
  ckpt_text_append_quoted (out, "it's", 4, '\0', 0);
  assert_literal ("\"it's\"", out);
  ckpt_text_append_quoted (out, "'\"", 2, '\0', 0);
  assert_literal ("'\\'\"'", out);
  ckpt_text_append_quoted (out, "\xc2\x85\u00ad\u202e\\", strlen ("\xc2\x85\u00ad\u202e\\"), '\0', 0);
  assert_literal ("'\\x85\\xad\\u202e\\\\'", out);
}

static void
test_literals_cut (void)
{
  g_autoptr (GString) out = g_string_new (NULL);

  g_assert_true (ckpt_text_append_quoted (out, "abc", 3, '"', 3));
  assert_literal ("\"abc\"", out);
  g_assert_false (ckpt_text_append_quoted (out, "abcd", 4, '"', 3));
  assert_literal ("\"abc…\"", out);
  g_assert_false (ckpt_text_append_quoted (out, "a\x1b", 2, '"', 4));
  assert_literal ("\"a…\"", out);
  g_assert_false (ckpt_text_append_bytes (out, "a\xff", 2, '"', 4));
  assert_literal ("b\"a…\"", out);
}

static void
test_numbers (void)
{
  static const struct
  {
    guint64 n;
    const char *bytes;
    const char *count;
    const char *short_count;
  } cases[] = {
    { 0, "0 B", "0", "0" },
    { 999, "999 B", "999", "999" },
    { 1000, "1 kB", "1,000", "1 k" },
    { 4096, "4.1 kB", "4,096", "4.1 k" },
    { 12000000, "12 MB", "12,000,000", "12 M" },
    { 1769472, "1.8 MB", "1,769,472", "1.8 M" },
    { 99949, "99.9 kB", "99,949", "99.9 k" },
    { 99950, "100 kB", "99,950", "100 k" },
    { 124439808, "124 MB", "124,439,808", "124.4 M" },
    { 999949, "1 MB", "999,949", "999.9 k" },
    { 999950, "1 MB", "999,950", "1 M" },
    { 497759232, "498 MB", "497,759,232", "497.8 M" },
    { 1490000000, "1.5 GB", "1,490,000,000", "1.5 B" },
    { G_MAXUINT64, "18.4 EB", "18,446,744,073,709,551,615", "18446744 T" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *bytes = ckpt_text_bytes (cases[i].n);
      g_autofree char *count = ckpt_text_count (cases[i].n);
      g_autofree char *short_count = ckpt_text_short_count (cases[i].n);

      g_assert_cmpstr (bytes, ==, cases[i].bytes);
      g_assert_cmpstr (count, ==, cases[i].count);
      g_assert_cmpstr (short_count, ==, cases[i].short_count);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/text/escape", test_escape);
  g_test_add_func ("/text/escape-any-bytes", test_escape_any_bytes);
  g_test_add_func ("/text/escape-cuts", test_escape_cuts);
  g_test_add_func ("/text/escape-marks", test_escape_marks);
  g_test_add_func ("/text/python-literals", test_python_literals);
  g_test_add_func ("/text/literals-cut", test_literals_cut);
  g_test_add_func ("/text/numbers", test_numbers);
  return g_test_run ();
}
