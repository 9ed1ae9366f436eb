/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/ckpt-load.h"

#include "test-files.h"

typedef struct
{
  const char *name;
  const char *content;
  gsize length;
  const char *code;
} Case;

#define CASE(name, content, code) { name, content, sizeof content - 1, code }

static const Case cases[] = {
  CASE ("empty", "", "empty"),
  CASE ("one-byte", "\200", "too-short"),
  CASE ("lfs", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 123\n", "git-lfs-pointer"),
  CASE ("html", "<!DOCTYPE html><html><head><title>Sign in</title></head></html>", "is-html"),
  CASE ("7z", "7z\274\257\047\034\0\0\0\0\0\0\0\0", "is-7z"),
  CASE ("gzip", "\037\213\010\0\0\0\0\0", "is-gzip"),
  CASE ("gguf", "GGUF\003\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "is-gguf"),
  CASE ("hdf5", "\211HDF\r\n\032\n\0\0\0\0", "is-hdf5"),
  CASE ("png", "\211PNG\r\n\032\n", "is-png"),
  CASE ("elf", "\177ELF\0\0\0\0\0\0\0\0", "is-program"),
  CASE ("json", "{\"model_type\":\"bert\"}", "is-json"),
  CASE ("script", "#!/bin/sh\ntouch x\n", "is-text"),
  CASE ("flatbuffer", "\020\0\0\0PTMF\377\377\377\377", "is-flatbuffer"),
  CASE ("preview", "PYTORCH1\0\0\0\0\0\0\0\0", "is-preview"),
  CASE ("empty-zip", "PK\005\006\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "zip-empty"),
  CASE ("zeros", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "is-zeros"),
  CASE ("zip-behind-zeros",
        "\0\0\0\0\024\0PK\005\006\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
        "zip-damaged-start"),
  CASE ("noise", "\313\002\377\001\213\000\007\356\251", "not-recognized"),
};

static void
test_case (gconstpointer data)
{
  const Case *item = data;
  g_autofree char *file = test_files_write ("model.pt", item->content, item->length);
  g_autoptr (GError) error = NULL;

  g_assert_null (ckpt_load (file, NULL, NULL, NULL, &error));
  g_assert_cmpstr (ckpt_error_get_code (error), ==, item->code);
  g_assert_cmpuint (g_utf8_strlen (error->message, -1), >, 20);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/explain/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  return g_test_run ();
}
