/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats/ckpt-format.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What people open by mistake, and what to do about it. */
typedef struct
{
  guint16 offset;
  const char *magic;
  guint8 length;
  const char *code;
  const char *sentence;
} Signature;

#define M(text) text, sizeof text - 1

static const Signature signatures[] = {
  { 0, M ("version https://git-lfs"), "git-lfs-pointer",
    N_ ("This is a Git LFS pointer, a stand-in for the checkpoint. Run “git lfs pull” in its repository to get the real file.") },
  { 0, M ("7z\274\257\047\034"), "is-7z",
    N_ ("This is a 7-Zip archive. PyTorch cannot read it either: unpack it and open what is inside.") },
  { 0, M ("\037\213"), "is-gzip", N_ ("This is compressed with gzip. Unpack it and open what is inside.") },
  { 0, M ("\050\265\057\375"), "is-zstd",
    N_ ("This is compressed with Zstandard. Unpack it and open what is inside.") },
  { 0,
    M ("\375"
       "7zXZ"),
    "is-xz", N_ ("This is compressed with xz. Unpack it and open what is inside.") },
  { 0, M ("BZh"), "is-bzip2", N_ ("This is compressed with bzip2. Unpack it and open what is inside.") },
  { 0, M ("Rar!\032\007"), "is-rar", N_ ("This is a RAR archive. Unpack it and open what is inside.") },
  { 0, M ("PK\005\006"), "zip-empty", N_ ("This is an empty zip archive, without a checkpoint in it.") },
  { 0, M ("GGUF"), "is-gguf", N_ ("This is a GGUF model, as llama.cpp uses, and no PyTorch checkpoint.") },
  { 0, M ("ggml"), "is-ggml", N_ ("This is a GGML model, and no PyTorch checkpoint.") },
  { 0, M ("\211HDF\r\n\032\n"), "is-hdf5",
    N_ ("This is an HDF5 file, as Keras and TensorFlow write, and no PyTorch checkpoint.") },
  { 0, M ("\223NUMPY"), "is-npy", N_ ("This is a NumPy array, and no PyTorch checkpoint.") },
  { 4, M ("TFL3"), "is-tflite", N_ ("This is a TensorFlow Lite model, and no PyTorch checkpoint.") },
  { 4, M ("PTMF"), "is-flatbuffer",
    N_ ("This is a mobile TorchScript model in the FlatBuffers format, which holds no pickle. It cannot be shown.") },
  { 0, M ("PYTORCH1"), "is-preview",
    N_ ("This is in the preview format that PyTorch used in 2018 before version 1.0. PyTorch itself no longer reads it.") },
  { 0, M ("\211PNG\r\n\032\n"), "is-png", N_ ("This is a PNG image, and no checkpoint.") },
  { 0, M ("\377\330\377"), "is-jpeg", N_ ("This is a JPEG image, and no checkpoint.") },
  { 0, M ("GIF8"), "is-gif", N_ ("This is a GIF image, and no checkpoint.") },
  { 0, M ("%PDF"), "is-pdf", N_ ("This is a PDF document, and no checkpoint.") },
  { 0, M ("\177ELF"), "is-program", N_ ("This is a program, and no checkpoint.") },
  { 0, M ("MZ"), "is-program", N_ ("This is a Windows program, and no checkpoint.") },
  { 0, M ("SQLite format 3"), "is-sqlite", N_ ("This is an SQLite database, and no checkpoint.") },
  { 0, M ("PAR1"), "is-parquet", N_ ("This is a Parquet table, and no checkpoint.") },
  { 0, M ("<!DOCTYPE"), "is-html",
    N_ ("This is a web page, not a checkpoint. The download may have led to a sign-in page: sign in and download again.") },
  { 0, M ("<!doctype"), "is-html",
    N_ ("This is a web page, not a checkpoint. The download may have led to a sign-in page: sign in and download again.") },
  { 0, M ("<html"), "is-html",
    N_ ("This is a web page, not a checkpoint. The download may have led to a sign-in page: sign in and download again.") },
  { 0, M ("<?xml"), "is-xml",
    N_ ("This is XML text, not a checkpoint. It may be the error message of a download server.") },
};

#undef M

/* The end record of a zip lies within its last 64 KiB. */
#define ZIP_TAIL (65536 + 22)
#define MIN_SIZE 3

static gboolean
fail (GError **error, CkptError domain_code, const char *code, const char *sentence)
{
  return ckpt_error_set_at (error, domain_code, code, NULL, CKPT_NO_OFFSET, 0, "%s", sentence);
}

static const Signature *
find_signature (const guint8 *head, gsize length)
{
  for (gsize i = 0; i < G_N_ELEMENTS (signatures); i++)
    {
      const Signature *signature = &signatures[i];

      if (length >= (gsize) signature->offset + signature->length &&
          memcmp (head + signature->offset, signature->magic, signature->length) == 0)
        return signature;
    }
  return NULL;
}

static gboolean
is_zero (const guint8 *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (bytes[i] != 0)
      return FALSE;
  return TRUE;
}

/* Reads on while there is nothing but zeros; a file full of them is a download that reserved its space. */
static guint64
count_leading_zeros (CkptSource *source)
{
  guint8 block[4096];
  guint64 position = 0;

  while (position < 1 << 20)
    {
      gsize n_read;

      if (!ckpt_source_read_some (source, position, block, sizeof block, &n_read, NULL) || n_read == 0 ||
          !is_zero (block, n_read))
        break;
      position += n_read;
    }
  return position;
}

static gboolean
has_zip_end (CkptSource *source)
{
  guint64 size = ckpt_source_get_size (source);
  gsize length = MIN (size, ZIP_TAIL);
  g_autofree guint8 *tail = g_malloc (length);

  return ckpt_source_read (source, size - length, tail, length, NULL) &&
         memmem (tail, length, "PK\005\006", 4) != NULL;
}

static gboolean
is_text (const guint8 *head, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (head[i] < ' ' && strchr ("\t\n\f\r\033", head[i]) == NULL)
      return FALSE;
  /* A character that the head cuts in two does not count. */
  return g_utf8_validate_len ((const char *) head, length, NULL) || length == CKPT_PROBE_SIZE;
}

static gboolean
explain_text (const guint8 *head, gsize length, GError **error)
{
  gsize i = 0;

  while (i < length && g_ascii_isspace (head[i]))
    i++;
  if (i < length && (head[i] == '{' || head[i] == '['))
    return fail (error, CKPT_ERROR_NOT_RECOGNIZED, "is-json",
                 _ ("This is JSON text, such as a model's configuration, and no checkpoint."));

  return fail (error, CKPT_ERROR_NOT_RECOGNIZED, "is-text", _ ("This is a text file, and no checkpoint."));
}

/* The name decides nothing, but a person who opened "model.pt" wants to hear why it is not one. */
static gboolean
explain_unknown (CkptSource *source, GError **error)
{
  static const char *const suffixes[] = { ".pt", ".pth", ".ckpt", ".bin", ".pkl", ".tar", ".safetensors" };

  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    if (g_str_has_suffix (ckpt_source_get_path (source), suffixes[i]))
      return fail (
          error, CKPT_ERROR_NOT_RECOGNIZED, "not-recognized",
          _ ("The name says that this is a checkpoint, but the content is of no kind that is known: no PyTorch, safetensors, tar or pickle file. It may be damaged or encrypted."));

  return fail (
      error, CKPT_ERROR_NOT_RECOGNIZED, "not-recognized",
      _ ("This is not a kind of checkpoint that is known: no PyTorch, safetensors, tar or pickle file."));
}

static gboolean
explain_zeros (CkptSource *source, GError **error)
{
  g_autofree char *sentence = NULL;
  guint64 zeros = count_leading_zeros (source);

  sentence = g_strdup_printf (_ ("The file begins with %" G_GUINT64_FORMAT
                                 " bytes of zeros. The download may not have finished: download it again."),
                              zeros);
  return fail (error, CKPT_ERROR_NOT_RECOGNIZED, "is-zeros", sentence);
}

/**
 * ckpt_format_explain:
 * @source: a file that no format recognises
 * @head: its first bytes
 * @length: bytes of @head, at most %CKPT_PROBE_SIZE
 *
 * Says in plain words what the file is instead, and what to do. Reads at most 1 MiB.
 *
 * Always sets @error: CKPT_ERROR_NOT_RECOGNIZED, or CKPT_ERROR_MALFORMED for a damaged checkpoint
 */
void
ckpt_format_explain (CkptSource *source, const guint8 *head, gsize length, GError **error)
{
  const Signature *signature = find_signature (head, length);

  if (length == 0)
    fail (error, CKPT_ERROR_NOT_RECOGNIZED, "empty",
          _ ("The file is empty (0 bytes). The download may have failed: download it again."));
  else if (length < MIN_SIZE)
    fail (error, CKPT_ERROR_NOT_RECOGNIZED, "too-short",
          _ ("The file is too short for any kind of checkpoint."));
  else if (has_zip_end (source) && (signature == NULL || !g_str_has_prefix (signature->code, "zip")))
    fail (
        error, CKPT_ERROR_MALFORMED, "zip-damaged-start",
        _ ("This looks like a zip archive whose beginning is damaged, or that has something in front. PyTorch does not recognise it either."));
  else if (signature != NULL)
    fail (error, CKPT_ERROR_NOT_RECOGNIZED, signature->code, _ (signature->sentence));
  else if (is_zero (head, MIN (length, 64)))
    explain_zeros (source, error);
  else if (is_text (head, length))
    explain_text (head, length, error);
  else if (head[0] == 0x80)
    fail (error, CKPT_ERROR_UNSUPPORTED, "pickle-protocol",
          _ ("This begins like a Python pickle, but of a version that does not exist yet."));
  else
    explain_unknown (source, error);
}
