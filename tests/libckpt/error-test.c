/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "io/ckpt-error.h"

static void
test_place (void)
{
  g_autoptr (GError) error = NULL;
  const CkptPlace *place;

  g_assert_false (
      ckpt_error_set (&error, CKPT_ERROR_TRUNCATED, "pickle-truncated", "A text needs %d bytes.", 5120));
  g_assert_error (error, CKPT_ERROR, CKPT_ERROR_TRUNCATED);
  g_assert_cmpstr (error->message, ==, "A text needs 5120 bytes.");
  g_assert_cmpstr (ckpt_error_get_code (error), ==, "pickle-truncated");
  place = ckpt_error_get_place (error);
  g_assert_null (place->record);
  g_assert_null (place->element);
  g_assert_cmpuint (place->offset, ==, CKPT_NO_OFFSET);
  g_assert_cmpuint (place->file_offset, ==, CKPT_NO_OFFSET);

  ckpt_error_set_place (error, "archive/data.pkl", 2041, 2105, "BINUNICODE");
  g_assert_cmpstr (place->record, ==, "archive/data.pkl");
  g_assert_cmpstr (place->code, ==, "pickle-truncated");
  g_assert_cmpuint (place->offset, ==, 2041);
  g_assert_cmpuint (place->file_offset, ==, 2105);

  ckpt_error_set_place (error, NULL, 1, CKPT_NO_OFFSET, NULL);
  g_assert_null (place->record);
  g_assert_null (place->element);
}

static void
test_copy (void)
{
  g_autoptr (GError) error = ckpt_error_new (CKPT_ERROR_MALFORMED, "odd", "Odd.");
  g_autoptr (GError) copy = NULL;
  g_autoptr (GError) prefixed = NULL;

  ckpt_error_set_place (error, "a", 1, 2, "b");
  copy = g_error_copy (error);
  g_clear_error (&error);
  g_assert_cmpstr (ckpt_error_get_code (copy), ==, "odd");
  g_assert_cmpstr (ckpt_error_get_place (copy)->record, ==, "a");
  g_assert_cmpstr (ckpt_error_get_place (copy)->element, ==, "b");
  g_assert_cmpuint (ckpt_error_get_place (copy)->file_offset, ==, 2);

  g_propagate_prefixed_error (&prefixed, g_steal_pointer (&copy), "x: ");
  g_assert_cmpstr (prefixed->message, ==, "x: Odd.");
  g_assert_cmpstr (ckpt_error_get_code (prefixed), ==, "odd");
}

static void
test_other_domain (void)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "None.");

  ckpt_error_set_place (error, "a", 1, 2, "b");
  g_assert_null (ckpt_error_get_place (error));
  g_assert_null (ckpt_error_get_code (error));
  ckpt_error_set_place (NULL, "a", 1, 2, "b");
  g_assert_false (ckpt_error_set (NULL, CKPT_ERROR_LIMIT, "limit", "Too much."));
}

static void
assert_text (const char *record,
             guint64 offset,
             guint64 file_offset,
             const char *element,
             const char *expected)
{
  g_autoptr (GError) error = ckpt_error_new (CKPT_ERROR_TRUNCATED, "cut", "Cut.");
  g_autofree char *text = NULL;

  ckpt_error_set_place (error, record, offset, file_offset, element);
  text = ckpt_place_to_string (ckpt_error_get_place (error));
  g_assert_cmpstr (text, ==, expected);
}

static void
test_text (void)
{
  assert_text ("a/data.pkl", 2041, 2105, "MARK",
               "a/data.pkl · byte 2041 (file byte 2105, 0x839) · MARK · cut");
  assert_text ("a/data.pkl", 2041, CKPT_NO_OFFSET, NULL, "a/data.pkl · byte 2041 · cut");
  assert_text (NULL, CKPT_NO_OFFSET, 16, NULL, "file byte 16, 0x10 · cut");
  assert_text (NULL, CKPT_NO_OFFSET, CKPT_NO_OFFSET, NULL, "cut");
  assert_text ("a\xff%s", CKPT_NO_OFFSET, CKPT_NO_OFFSET, NULL, "a\357\277\275%s · cut");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/error/place", test_place);
  g_test_add_func ("/error/copy", test_copy);
  g_test_add_func ("/error/other-domain", test_other_domain);
  g_test_add_func ("/error/text", test_text);
  return g_test_run ();
}
