/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats/ckpt-zip-kind.h"

#include "formats/ckpt-zip-header.h"
#include "model/ckpt-text.h"

#include <glib/gi18n-lib.h>

/* A kind of zip by the name of a record, which begins or ends so. */
typedef struct
{
  const char *prefix;
  const char *suffix;
  const char *sentence;
} Sign;

static const Sign signs[] = {
  { "word/", "", N_ ("This is a Word document, and no checkpoint.") },
  { "xl/", "", N_ ("This is an Excel workbook, and no checkpoint.") },
  { "ppt/", "", N_ ("This is a PowerPoint presentation, and no checkpoint.") },
  { "AndroidManifest.xml", "", N_ ("This is an Android package, and no checkpoint.") },
  { "META-INF/MANIFEST.MF", "", N_ ("This is a Java archive, and no checkpoint.") },
  { "MAR-INF/", "", N_ ("This is a model archive of TorchServe. Unpack it and open the checkpoint in it.") },
  { "Data/com.apple.CoreML/", "", N_ ("This is a Core ML package, and no checkpoint.") },
  { "", "model.weights.h5", N_ ("This is a Keras model, and no PyTorch checkpoint.") },
  { "", ".dist-info/WHEEL", N_ ("This is a Python package (wheel), and no checkpoint.") },
  { "mimetype", "", N_ ("This is a document (OpenDocument or EPUB), and no checkpoint.") },
};

static const char *const checkpoint_suffixes[] = {
  ".pt", ".pth", ".ckpt", ".bin", ".safetensors", ".pth.tar"
};

static gboolean
is_value (CkptArchive *archive, CkptZipNames *names, const char *name, const char *value)
{
  gsize length = strlen (value);
  g_autofree char *text = g_malloc (length);
  g_autoptr (CkptWarnings) ignored = ckpt_warnings_new ();
  guint index;

  return ckpt_zip_names_find (names, ignored, name, &index) &&
         ckpt_archive_get (archive, index)->size == length &&
         ckpt_archive_read (archive, index, 0, text, length, NULL) && memcmp (text, value, length) == 0;
}

/**
 * ckpt_zip_kind_get:
 * @archive: the records of a zip
 * @names: their names
 *
 * Tells what PyTorch wrote, by the records that its own readers look for: torch.load() takes whatever has constants.pkl for
 * TorchScript.
 *
 * Returns: the kind
 */
CkptZipKind
ckpt_zip_kind_get (CkptArchive *archive, CkptZipNames *names)
{
  if (ckpt_zip_names_has (names, "constants.pkl"))
    return ckpt_zip_names_has (names, "bytecode.pkl") ? CKPT_ZIP_KIND_MOBILE : CKPT_ZIP_KIND_TORCHSCRIPT;
  if (ckpt_zip_names_has (names, "model.json") &&
      (ckpt_zip_names_has (names, "version") || ckpt_zip_names_has (names, "attributes.pkl")))
    return CKPT_ZIP_KIND_MODEL_JSON;
  if (is_value (archive, names, "archive_format", "pt2") ||
      ckpt_archive_find (archive, "serialized_exported_program.json", NULL))
    return CKPT_ZIP_KIND_PT2;
  if (ckpt_zip_names_has (names, ".data/extern_modules") ||
      ckpt_zip_names_has (names, ".data/python_version"))
    return CKPT_ZIP_KIND_PACKAGE;
  /* In whatever case of letters: the loader finds it. */
  for (guint i = 0; i < ckpt_archive_get_n (archive); i++)
    {
      const char *inside = ckpt_zip_names_get_inside (names, i);

      if (inside != NULL && g_ascii_strcasecmp (inside, "data.pkl") == 0)
        return CKPT_ZIP_KIND_CHECKPOINT;
    }
  return CKPT_ZIP_KIND_OTHER;
}

static const char *
find_sign (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (signs); i++)
    if (g_str_has_prefix (name, signs[i].prefix) && g_str_has_suffix (name, signs[i].suffix))
      return signs[i].sentence;
  return NULL;
}

static gboolean
is_checkpoint (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (checkpoint_suffixes); i++)
    if (g_str_has_suffix (name, checkpoint_suffixes[i]))
      return TRUE;
  return FALSE;
}

static gboolean
set_other_error (GError **error, const char *sentence)
{
  return ckpt_zip_fail (error, CKPT_ERROR_NOT_RECOGNIZED, "zip-not-a-checkpoint", CKPT_NO_OFFSET, "%s",
                        sentence);
}

/**
 * ckpt_zip_kind_explain_record:
 * @record: a record of a zip that PyTorch did not write
 * @error: return location
 *
 * Says what the zip is, if this record tells it.
 *
 * Returns: whether it did, and set @error
 */
gboolean
ckpt_zip_kind_explain_record (const CkptRecord *record, GError **error)
{
  const char *sentence = find_sign (record->name);
  g_autofree char *name = NULL;

  if (sentence != NULL)
    return !set_other_error (error, _ (sentence));
  if (g_str_has_suffix (record->name, ".npy"))
    return !set_other_error (error, _ ("This is a NumPy archive (.npz), and no PyTorch checkpoint."));
  if (!is_checkpoint (record->name))
    return FALSE;
  name = ckpt_text_escape (record->name, record->name_length, 100);
  return !ckpt_zip_fail (error, CKPT_ERROR_NOT_RECOGNIZED, "zip-not-a-checkpoint", CKPT_NO_OFFSET,
                         _ ("This is a zip archive with “%s” in it. Unpack it and open that file."), name);
}

/**
 * ckpt_zip_kind_explain:
 * @archive: the records of a zip
 * @names: their names
 * @error: return location
 *
 * Says what a zip is that PyTorch did not write.
 *
 * Always sets @error: CKPT_ERROR_NOT_RECOGNIZED, or CKPT_ERROR_MALFORMED for a checkpoint without its pickle
 */
void
ckpt_zip_kind_explain (CkptArchive *archive, CkptZipNames *names, GError **error)
{
  if (ckpt_zip_names_has (names, "version") || ckpt_zip_names_has (names, ".data/version"))
    {
      ckpt_zip_fail (
          error, CKPT_ERROR_MALFORMED, "zip-no-pickle", CKPT_NO_OFFSET,
          _ ("This zip archive looks like a PyTorch checkpoint, but “data.pkl”, which says what is in it, is missing."));
      return;
    }
  for (guint i = 0; i < ckpt_archive_get_n (archive); i++)
    if (ckpt_zip_kind_explain_record (ckpt_archive_get (archive, i), error))
      return;
  set_other_error (error, _ ("This is a zip archive, but no PyTorch checkpoint: it has no “data.pkl”."));
}
