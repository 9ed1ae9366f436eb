/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test-tree.h"

#include "test-files.h"

#include "model/ckpt-path.h"
#include "pickle/ckpt-decoder.h"
#include "pickle/ckpt-opcodes.h"

#include <string.h>

static void
append (GByteArray *out, gconstpointer bytes, gsize length)
{
  g_byte_array_append (out, bytes, length);
}

static void
append_byte (GByteArray *out, guint8 byte)
{
  append (out, &byte, 1);
}

static void
append_u32 (GByteArray *out, guint32 value)
{
  value = GUINT32_TO_LE (value);
  append (out, &value, sizeof value);
}

/* 2^@exponent, by LONG1. */
static void
append_power (GByteArray *out, guint exponent)
{
  guint8 bytes[255] = { 0 };
  guint length = exponent / 8 + 1 + (exponent % 8 == 7);

  bytes[exponent / 8] = 1 << exponent % 8;
  append_byte (out, CKPT_OP_LONG1);
  append_byte (out, length);
  append (out, bytes, length);
}

static void
append_int (GByteArray *out, const char *word)
{
  gint64 value = g_ascii_strtoll (word, NULL, 10);
  guint64 bits = GUINT64_TO_LE ((guint64) value);

  if (g_str_has_prefix (word, "2^"))
    {
      append_power (out, g_ascii_strtoull (word + 2, NULL, 10));
    }
  else if (value >= 0 && value < 256)
    {
      append_byte (out, CKPT_OP_BININT1);
      append_byte (out, value);
    }
  else
    {
      append_byte (out, CKPT_OP_LONG1);
      append_byte (out, sizeof bits);
      append (out, &bits, sizeof bits);
    }
}

/* @word is what stands between quotes, with the quotes. */
static void
append_text (GByteArray *out, const char *word, guint8 opcode)
{
  g_autofree char *inside = g_strndup (word + 1, strlen (word) - 2);
  g_autofree char *text = NULL;
  const char *hex = strstr (inside, "\\x00");
  gsize length;

  /* g_strcompress() knows octal, and no NUL. */
  if (hex != NULL)
    {
      text = g_strdup (inside);
      length = strlen (inside) - 3;
      text[hex - inside] = '\0';
      memcpy (text + (hex - inside) + 1, hex + 4, strlen (hex + 4) + 1);
    }
  else
    {
      text = g_strcompress (inside);
      length = strlen (text);
    }

  append_byte (out, opcode);
  if (opcode == CKPT_OP_SHORT_BINSTRING)
    append_byte (out, length);
  else
    append_u32 (out, length);
  append (out, text, length);
}

static void
append_float (GByteArray *out, const char *word)
{
  double value = g_ascii_strtod (word, NULL);
  guint64 bits;

  memcpy (&bits, &value, sizeof bits);
  bits = GUINT64_TO_BE (bits);
  append_byte (out, CKPT_OP_BINFLOAT);
  append (out, &bits, sizeof bits);
}

static void
append_global (GByteArray *out, const char *word)
{
  g_auto (GStrv) parts = g_strsplit (word, ":", 2);

  append_byte (out, CKPT_OP_GLOBAL);
  append (out, parts[0], strlen (parts[0]));
  append_byte (out, '\n');
  append (out, parts[1], strlen (parts[1]));
  append_byte (out, '\n');
}

static gboolean
append_named (GByteArray *out, const char *word)
{
  static const struct
  {
    const char *word;
    guint8 opcode;
  } names[] = {
    { "True", CKPT_OP_NEWTRUE },        { "False", CKPT_OP_NEWFALSE },      { "NEWOBJ", CKPT_OP_NEWOBJ },
    { "NEWOBJ_EX", CKPT_OP_NEWOBJ_EX }, { "EMPTY_SET", CKPT_OP_EMPTY_SET }, { "ADDITEMS", CKPT_OP_ADDITEMS },
    { "FROZENSET", CKPT_OP_FROZENSET },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (word, names[i].word) == 0)
      {
        append_byte (out, names[i].opcode);
        return TRUE;
      }
  return FALSE;
}

static void
append_word (GByteArray *out, const char *word)
{
  if (append_named (out, word))
    return;

  if (word[0] == '\'')
    append_text (out, word, CKPT_OP_BINUNICODE);
  else if (word[0] == 'b' && word[1] == '\'')
    append_text (out, word + 1, CKPT_OP_SHORT_BINSTRING);
  else if (word[0] == 'B' && word[1] == '\'')
    append_text (out, word + 1, CKPT_OP_BINBYTES);
  else if (g_ascii_isdigit (word[0]) || (word[0] == '-' && g_ascii_isdigit (word[1])))
    append_int (out, word);
  else if (word[0] == 'f' && word[1] != '\0')
    append_float (out, word + 1);
  else if (word[0] == '@')
    append_global (out, word + 1);
  else if ((word[0] == 'p' || word[0] == 'g') && g_ascii_isdigit (word[1]))
    {
      append_byte (out, word[0] == 'p' ? CKPT_OP_BINPUT : CKPT_OP_BINGET);
      append_byte (out, g_ascii_strtoull (word + 1, NULL, 10));
    }
  else
    append (out, word, strlen (word));
}

/* The end of the word at @at; quotes hold spaces together. */
static const char *
find_end (const char *at)
{
  gboolean is_quoted = FALSE;

  for (; *at != '\0' && (*at != ' ' || is_quoted); at++)
    if (*at == '\'')
      is_quoted = !is_quoted;
  return at;
}

GByteArray *
test_pickle_assemble (const char *words)
{
  GByteArray *out = g_byte_array_new ();
  const char *end;

  for (const char *at = words; *at != '\0'; at = *end == ' ' ? end + 1 : end)
    {
      g_autofree char *word = NULL;

      end = find_end (at);
      word = g_strndup (at, end - at);
      if (*word != '\0')
        append_word (out, word);
    }
  append_byte (out, CKPT_OP_STOP);
  return out;
}

static gboolean
locate_storages (CkptTree *tree, gpointer user_data, GError **error)
{
  for (guint i = 0; i < ckpt_tree_get_n_storages (tree); i++)
    {
      CkptStorage *storage = ckpt_tree_edit_storage (tree, i);

      if (g_str_has_prefix (storage->key, "missing"))
        continue;

      storage->record = 0; /* the pickle itself: as good as any other */
      storage->n_bytes_present = storage->n_bytes;
      if (g_str_has_prefix (storage->key, "short"))
        storage->n_bytes_present -= 4;
      else if (g_str_has_prefix (storage->key, "long"))
        storage->n_bytes_present += 4;
    }
  return TRUE;
}

static void
decode (CkptTree *tree, CkptReader *reader)
{
  g_autoptr (GError) error = NULL;
  CkptPickleInfo info;

  ckpt_decode_pickle (reader, ckpt_tree_get_nodes (tree), ckpt_tree_get_warnings (tree), NULL, NULL, NULL,
                      &info, &error);
  g_assert_no_error (error);
  ckpt_tree_set_root (tree, info.root);
}

void
test_tree_decode (CkptTree *tree, GByteArray *pickle)
{
  g_autoptr (CkptReader) reader = ckpt_reader_new_for_data (pickle->data, pickle->len, "data.pkl");

  decode (tree, reader);
}

CkptTree *
test_tree_new_for (GByteArray *pickle, CkptPersistentStyle style, CkptContainer container)
{
  g_autofree char *path = test_files_write ("tree", pickle->data, pickle->len);
  g_autoptr (GError) error = NULL;
  g_autoptr (CkptSource) source = ckpt_source_open (path, &error);
  g_autoptr (CkptArchive) archive = ckpt_archive_new (source);
  guint record = ckpt_archive_add (archive, "data.pkl", -1, 0, pickle->len);
  g_autoptr (CkptReader) reader = ckpt_reader_new (archive, record);
  CkptTree *tree = ckpt_tree_new (archive);

  ckpt_tree_set_container (tree, container, "test");
  decode (tree, reader);
  ckpt_tree_recognise (tree, style, locate_storages, NULL, &error);
  g_assert_no_error (error);
  ckpt_tree_finish (tree, &error);
  g_assert_no_error (error);
  return tree;
}

CkptTree *
test_tree_new (const char *words, CkptPersistentStyle style)
{
  g_autoptr (GByteArray) pickle = test_pickle_assemble (words);

  return test_tree_new_for (pickle, style,
                            style == CKPT_PERSISTENT_LEGACY ? CKPT_CONTAINER_TORCH_LEGACY
                                                            : CKPT_CONTAINER_TORCH_ZIP);
}

CkptNodeId
test_tree_get (CkptTree *tree, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CkptPath) found = ckpt_path_resolve (tree, path, &error);

  g_assert_no_error (error);
  return ckpt_path_get_node (found, tree);
}

char *
test_tree_codes (CkptTree *tree)
{
  GString *codes = g_string_new (NULL);

  for (guint i = 0; i < ckpt_tree_get_n_warnings (tree); i++)
    g_string_append_printf (codes, "%s%s", i > 0 ? " " : "", ckpt_tree_get_warning (tree, i)->place.code);
  return g_string_free_and_steal (codes);
}

gboolean
test_tree_has_warning (CkptTree *tree, const char *code)
{
  for (guint i = 0; i < ckpt_tree_get_n_warnings (tree); i++)
    if (g_strcmp0 (ckpt_tree_get_warning (tree, i)->place.code, code) == 0)
      return TRUE;
  return FALSE;
}
