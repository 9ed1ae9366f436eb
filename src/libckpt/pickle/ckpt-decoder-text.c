/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-decoder-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "io/ckpt-limits.h"
#include "model/ckpt-text.h"
#include "pickle/ckpt-python-text.h"
#include "pickle/ckpt-utf8.h"

/* First bytes of a long text that are kept. */
#define PREFIX_LENGTH 256u
#define WINDOW        ((gsize) 64 << 10)

static void
warn_of_text (CkptDecoder *self, const CkptUtf8 *utf8, CkptNodeId node)
{
  if (G_LIKELY (!utf8->is_bad && !utf8->has_surrogate))
    return;
  if (utf8->is_bad)
    ckpt_decoder_locate (self,
                         ckpt_warnings_add (self->warnings, "text-not-utf8", CKPT_DECODER_HERE (self),
                                            _ ("A text is not valid UTF-8; Python cannot load it.")),
                         node);
  else
    ckpt_decoder_locate (self,
                         ckpt_warnings_add (self->warnings, "text-surrogate", CKPT_DECODER_HERE (self),
                                            _ ("A text holds half a character (a lone surrogate).")),
                         node);
}

static CkptUtf8
scan (const void *text, gsize length)
{
  CkptUtf8 utf8 = { 0 };

  ckpt_utf8_scan (&utf8, text, length);
  ckpt_utf8_finish (&utf8);
  return utf8;
}

/* A str of Python 2 is bytes. Those that are text are shown as such. */
static CkptKind
get_python2_kind (const CkptUtf8 *utf8)
{
  return utf8->is_bad || utf8->has_surrogate ? CKPT_KIND_BYTES : CKPT_KIND_STRING;
}

static CkptNodeId
add_text (CkptDecoder *self,
          CkptKind kind,
          CkptNodeFlags flags,
          const void *text,
          gsize length,
          GError **error)
{
  return ckpt_nodes_add_text (self->nodes, kind, flags, self->in.opcode, text, length, error);
}

/* A text of which only the beginning is kept: it stands as it is at byte @position of the record. */
static CkptNodeId
add_long_text (CkptDecoder *self,
               CkptKind kind,
               CkptNodeFlags flags,
               const guint8 *prefix,
               guint64 length,
               guint64 position,
               GError **error)
{
  gsize prefix_length = kind == CKPT_KIND_STRING ? ckpt_utf8_cut (prefix, PREFIX_LENGTH) : PREFIX_LENGTH;

  return ckpt_nodes_add_long_text (self->nodes, kind, flags, self->in.opcode, prefix, prefix_length, length,
                                   ckpt_reader_get_record_index (self->reader), position, error);
}

/* Reads on to the end of the counted bytes, of which @n_taken are done. */
static gboolean
scan_rest (CkptDecoder *self, guint64 n_taken, CkptUtf8 *utf8, GError **error)
{
  while (n_taken < self->in.count)
    {
      gsize n = MIN (self->in.count - n_taken, WINDOW);
      const guint8 *bytes = ckpt_reader_take (self->reader, n, error);

      if (bytes == NULL)
        return FALSE;
      ckpt_utf8_scan (utf8, bytes, n);
      n_taken += n;
    }
  ckpt_utf8_finish (utf8);
  return TRUE;
}

gboolean
ckpt_decode_binunicode (CkptDecoder *self, GError **error)
{
  gboolean is_long = self->in.count > CKPT_LIMIT_INLINE_TEXT;
  guint64 position = ckpt_reader_get_position (self->reader);
  gsize n_taken = is_long ? PREFIX_LENGTH : self->in.count;
  const guint8 *bytes = ckpt_reader_take (self->reader, n_taken, error);
  CkptUtf8 utf8 = { 0 };
  CkptNodeId node;

  if (bytes == NULL)
    return FALSE;
  ckpt_utf8_scan (&utf8, bytes, n_taken);
  if (is_long)
    node = add_long_text (self, CKPT_KIND_STRING, 0, bytes, self->in.count, position, error);
  else
    node = add_text (self, CKPT_KIND_STRING, 0, bytes, n_taken, error);
  if (!ckpt_decoder_push (self, node, error) || !scan_rest (self, n_taken, &utf8, error))
    return FALSE;
  warn_of_text (self, &utf8, node);
  return TRUE;
}

/* The arrays of Python 2 are such strings, and must not be read through: of long ones the beginning decides. */
gboolean
ckpt_decode_binstring (CkptDecoder *self, GError **error)
{
  gboolean is_long = self->in.count > CKPT_LIMIT_INLINE_TEXT;
  guint64 position = ckpt_reader_get_position (self->reader);
  gsize n_taken = is_long ? PREFIX_LENGTH : self->in.count;
  const guint8 *bytes = ckpt_reader_take (self->reader, n_taken, error);
  CkptUtf8 utf8;
  CkptNodeId node;

  if (bytes == NULL)
    return FALSE;
  utf8 = scan (bytes, is_long ? ckpt_utf8_cut (bytes, n_taken) : n_taken);
  if (is_long)
    node = add_long_text (self, get_python2_kind (&utf8), CKPT_NODE_PYTHON2, bytes, self->in.count, position,
                          error);
  else
    node = add_text (self, get_python2_kind (&utf8), CKPT_NODE_PYTHON2, bytes, n_taken, error);
  return ckpt_decoder_push (self, node, error) &&
         ckpt_reader_skip (self->reader, self->in.count - n_taken, error);
}

gboolean
ckpt_decode_binbytes (CkptDecoder *self, GError **error)
{
  CkptKind kind = self->in.opcode == CKPT_OP_BYTEARRAY8 ? CKPT_KIND_BYTEARRAY : CKPT_KIND_BYTES;
  gboolean is_long = self->in.count > CKPT_LIMIT_INLINE_TEXT;
  guint64 position = ckpt_reader_get_position (self->reader);
  gsize n_taken = is_long ? PREFIX_LENGTH : self->in.count;
  const guint8 *bytes = ckpt_reader_take (self->reader, n_taken, error);
  CkptNodeId node;

  if (bytes == NULL)
    return FALSE;
  if (is_long)
    node = add_long_text (self, kind, 0, bytes, self->in.count, position, error);
  else
    node = add_text (self, kind, 0, bytes, n_taken, error);
  return ckpt_decoder_push (self, node, error) &&
         ckpt_reader_skip (self->reader, self->in.count - n_taken, error);
}

static gboolean
fail_escape (CkptDecoder *self, guint64 offset, GError **error)
{
  g_autofree char *position = ckpt_text_count (offset);

  return ckpt_decoder_fail (self, error, CKPT_ERROR_MALFORMED, "pickle-text", offset,
                            _ ("The list of values is damaged: the text at byte %s holds a broken escape."),
                            position);
}

/* Adds a text that was decoded from the @length bytes at @position; if these are the same and many, they stay where they are. */
static CkptNodeId
add_decoded (CkptDecoder *self,
             CkptKind kind,
             CkptNodeFlags flags,
             const char *text,
             gsize text_length,
             const guint8 *bytes,
             gsize length,
             guint64 position,
             GError **error)
{
  if (text_length > CKPT_LIMIT_INLINE_TEXT && text_length == length && memcmp (text, bytes, length) == 0)
    return add_long_text (self, kind, flags, bytes, length, position, error);
  return add_text (self, kind, flags, text, text_length, error);
}

gboolean
ckpt_decode_string (CkptDecoder *self, GError **error)
{
  const char *line = (const char *) self->in.bytes;
  gsize length = self->in.length;
  char *text = ckpt_decoder_scratch (self, length, error);
  gsize text_length, bad;
  CkptUtf8 utf8;

  if (text == NULL)
    return FALSE;
  if (length < 2 || line[0] != line[length - 1] || (line[0] != '\'' && line[0] != '"'))
    return ckpt_decoder_fail (self, error, CKPT_ERROR_MALFORMED, "pickle-text", self->in.position + 1,
                              _ ("The list of values is damaged: a text is not between quotes."));
  if (!ckpt_python_unescape (line + 1, length - 2, text, &text_length, &bad))
    return fail_escape (self, self->in.position + 2 + bad, error);
  utf8 = scan (text, text_length);
  return ckpt_decoder_push (self,
                            add_decoded (self, get_python2_kind (&utf8), CKPT_NODE_PYTHON2, text, text_length,
                                         self->in.bytes + 1, length - 2, self->in.position + 2, error),
                            error);
}

gboolean
ckpt_decode_unicode (CkptDecoder *self, GError **error)
{
  gsize length = self->in.length;
  char *text = ckpt_decoder_scratch (self, 2 * length, error);
  gsize text_length, bad;
  CkptUtf8 utf8;
  CkptNodeId node;

  if (text == NULL)
    return FALSE;
  if (!ckpt_python_decode_raw_unicode ((const char *) self->in.bytes, length, text, &text_length, &bad))
    return fail_escape (self, self->in.position + 1 + bad, error);
  utf8 = scan (text, text_length);
  node = add_decoded (self, CKPT_KIND_STRING, 0, text, text_length, self->in.bytes, length,
                      self->in.position + 1, error);
  if (!ckpt_decoder_push (self, node, error))
    return FALSE;
  warn_of_text (self, &utf8, node);
  return TRUE;
}

gboolean
ckpt_decode_persid (CkptDecoder *self, GError **error)
{
  CkptUtf8 utf8 = scan (self->in.bytes, self->in.length);
  CkptNodeId id = add_decoded (self, CKPT_KIND_STRING, 0, (const char *) self->in.bytes, self->in.length,
                               self->in.bytes, self->in.length, self->in.position + 1, error);
  CkptNodeId node;

  if (id == CKPT_NO_NODE)
    return FALSE;
  node = ckpt_nodes_add_container (self->nodes, CKPT_KIND_PERSISTENT_ID, self->in.opcode, self->in.position,
                                   &id, 1, error);
  if (!ckpt_decoder_push (self, node, error))
    return FALSE;
  warn_of_text (self, &utf8, id);
  return TRUE;
}

/* Adds a global, of whose module and name no more than is allowed is kept. */
static CkptNodeId
add_global (CkptDecoder *self,
            const char *module,
            gsize module_length,
            const char *name,
            gsize name_length,
            gboolean is_cut,
            GError **error)
{
  gboolean is_name_cut = name_length > CKPT_LIMIT_GLOBAL_NAME;
  gsize name_kept = is_name_cut ? ckpt_utf8_cut ((const guint8 *) name, CKPT_LIMIT_GLOBAL_NAME) : name_length;
  gsize length = module_length + 1 + name_kept;
  char *text = ckpt_decoder_scratch (self, length, error);
  CkptNodeId node;
  CkptUtf8 utf8;

  if (text == NULL)
    return CKPT_NO_NODE;
  memcpy (text, module, module_length);
  text[module_length] = '\n';
  memcpy (text + module_length + 1, name, name_kept);
  node = add_text (self, CKPT_KIND_GLOBAL,
                   (self->protocol >= 3 ? CKPT_NODE_PYTHON3 : 0) |
                       (is_cut || is_name_cut ? CKPT_NODE_CUT : 0),
                   text, length, error);
  if (node == CKPT_NO_NODE)
    return CKPT_NO_NODE;
  utf8 = scan (text, length);
  warn_of_text (self, &utf8, node);
  if (is_cut || is_name_cut)
    ckpt_decoder_locate (
        self,
        ckpt_warnings_add (self->warnings, "name-cut", CKPT_DECODER_HERE (self),
                           _ ("The name of a class is so long that only its beginning is shown.")),
        node);
  return node;
}

CkptNodeId
ckpt_decoder_add_global (CkptDecoder *self, GError **error)
{
  return add_global (self, (const char *) self->in.first, self->in.first_length,
                     (const char *) self->in.bytes, self->in.length, self->in.is_first_cut, error);
}

gboolean
ckpt_decode_global (CkptDecoder *self, GError **error)
{
  return ckpt_decoder_push (self, ckpt_decoder_add_global (self, error), error);
}

/* Whether @node can be the module or name of a global; a newline in a module would look like the one that ends it. */
static gboolean
is_name (CkptDecoder *self, CkptNodeId node, gboolean is_module)
{
  const char *text;
  gsize length;

  if (ckpt_nodes_get_kind (self->nodes, node) != CKPT_KIND_STRING)
    return FALSE;
  text = ckpt_nodes_get_text (self->nodes, node, &length);
  return !is_module || memchr (text, '\n', length) == NULL;
}

/* A name that a call makes while Python loads the file is no damage: which class it names cannot be known without running it. */
static gboolean
is_computed (CkptDecoder *self, CkptNodeId node)
{
  return ckpt_nodes_get_kind (self->nodes, node) == CKPT_KIND_OBJECT;
}

gboolean
ckpt_decode_stack_global (CkptDecoder *self, GError **error)
{
  CkptNodeId module, name, node;
  const char *module_text, *name_text;
  gsize module_length, name_length;

  if (!ckpt_decoder_need (self, 2, error))
    return FALSE;
  module = ckpt_stack_peek (&self->stack, 1);
  name = ckpt_stack_peek (&self->stack, 0);
  self->stack.n_values -= 2;
  if (!is_name (self, module, TRUE) || !is_name (self, name, FALSE))
    {
      node = ckpt_decoder_add_object (self, module, name, CKPT_NO_NODE, error);
      if (!ckpt_decoder_push (self, node, error))
        return FALSE;
      if (!is_computed (self, module) && !is_computed (self, name))
        ckpt_decoder_locate (
            self,
            ckpt_warnings_add (self->warnings, "name-not-text", CKPT_DECODER_HERE (self),
                               _ ("The name of a class is not a text; Python cannot load it.")),
            node);
      return TRUE;
    }
  module_text = ckpt_nodes_get_text (self->nodes, module, &module_length);
  name_text = ckpt_nodes_get_text (self->nodes, name, &name_length);
  node = add_global (self, module_text, module_length, name_text, name_length,
                     module_length < ckpt_nodes_get_length (self->nodes, module) ||
                         name_length < ckpt_nodes_get_length (self->nodes, name),
                     error);
  return ckpt_decoder_push (self, node, error);
}
