/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH 8

struct _JsonStream
{
  Output *output;
  guint depth;
  char closers[MAX_DEPTH];
  gboolean has_members[MAX_DEPTH];
};

/**
 * json_stream_new:
 *
 * Returns: (transfer full): a stream that writes to @output, which has to outlive it
 */
JsonStream *
json_stream_new (Output *output)
{
  JsonStream *self = g_new0 (JsonStream, 1);

  self->output = output;
  return self;
}

void
json_stream_free (JsonStream *self)
{
  g_free (self);
}

Output *
json_stream_get_output (JsonStream *self)
{
  return self->output;
}

/* yyjson escapes what JSON asks for, and DEL is not of it, but a terminal acts on it. */
static void
write_without_del (Output *output, const char *text, const char *end)
{
  const char *del;

  while ((del = memchr (text, '\x7f', end - text)) != NULL)
    {
      output_write (output, text, del - text);
      output_text (output, "\\u007f");
      text = del + 1;
    }
  output_write (output, text, end - text);
}

static void
write_value (JsonStream *self, const yyjson_mut_val *value)
{
  gsize length;
  char *text = yyjson_mut_val_write (value, YYJSON_WRITE_ESCAPE_UNICODE, &length);

  g_return_if_fail (text != NULL);
  write_without_del (self->output, text, text + length);
  free (text);
}

/* The comma before a member or element, and the key of a member. Each element of an array has a line of its own. */
static void
begin_value (JsonStream *self, const char *key)
{
  if (self->depth > 0)
    {
      gboolean *has_members = &self->has_members[self->depth - 1];

      if (self->closers[self->depth - 1] == ']')
        output_text (self->output, *has_members ? ",\n" : "\n");
      else if (*has_members)
        output_text (self->output, ",");
      *has_members = TRUE;
    }

  if (key != NULL)
    output_printf (self->output, "\"%s\":", key);
}

static void
begin_level (JsonStream *self, const char *key, const char *opener, char closer)
{
  g_return_if_fail (self->depth < MAX_DEPTH);

  begin_value (self, key);
  output_text (self->output, opener);
  self->closers[self->depth] = closer;
  self->has_members[self->depth] = FALSE;
  self->depth++;
}

/**
 * json_stream_begin_object:
 * @key: (nullable): a literal of plain letters, inside an object; NULL inside an array
 */
void
json_stream_begin_object (JsonStream *self, const char *key)
{
  begin_level (self, key, "{", '}');
}

/**
 * json_stream_begin_array:
 * @key: (nullable): as for json_stream_begin_object()
 */
void
json_stream_begin_array (JsonStream *self, const char *key)
{
  begin_level (self, key, "[", ']');
}

/**
 * json_stream_end:
 *
 * Ends the object or array that was begun last.
 */
void
json_stream_end (JsonStream *self)
{
  g_return_if_fail (self->depth > 0);

  self->depth--;
  if (self->closers[self->depth] == ']' && self->has_members[self->depth])
    output_text (self->output, "\n");
  output_write (self->output, &self->closers[self->depth], 1);
  if (self->depth == 0)
    output_text (self->output, "\n");
}

/**
 * json_stream_value:
 * @key: (nullable): as for json_stream_begin_object()
 * @value: a value of a document of yyjson
 */
void
json_stream_value (JsonStream *self, const char *key, yyjson_mut_val *value)
{
  begin_value (self, key);
  write_value (self, value);
}

/**
 * json_stream_members:
 * @object: an object, whose members are added to the one that was begun last
 */
void
json_stream_members (JsonStream *self, yyjson_mut_val *object)
{
  yyjson_mut_val *key, *value;
  size_t i, n;

  yyjson_mut_obj_foreach (object, i, n, key, value) json_stream_value (self, yyjson_mut_get_str (key), value);
}

/**
 * json_stream_begin_raw:
 * @key: (nullable): as for json_stream_begin_object()
 *
 * Begins a value that the caller writes to the output by itself.
 */
void
json_stream_begin_raw (JsonStream *self, const char *key)
{
  begin_value (self, key);
}

/* A NUL is a character like others here. */
static gboolean
is_unicode (const char *text, gsize length)
{
  const char *end = text + length;

  while (!g_utf8_validate_len (text, end - text, &text))
    {
      if (text == end || *text != '\0')
        return FALSE;
      text++;
    }
  return TRUE;
}

/**
 * json_text:
 * @text: text of a file, of any bytes
 *
 * JSON has no text that is not Unicode. What is not, or is a lone surrogate, is written out: `\xff`, `\ud800`.
 *
 * Returns: (transfer none): a string of @doc
 */
yyjson_mut_val *
json_text (yyjson_mut_doc *doc, const char *text, gsize length)
{
  g_autofree char *escaped = NULL;

  if (is_unicode (text, length))
    return yyjson_mut_strncpy (doc, text, length);

  escaped = ckpt_text_escape (text, length, 0);
  return yyjson_mut_strcpy (doc, escaped);
}

/**
 * json_number:
 * @number: any double; one that JSON has no number for becomes the string "nan", "inf" or "-inf"
 *
 * Returns: (transfer none): a value of @doc
 */
yyjson_mut_val *
json_number (yyjson_mut_doc *doc, double number)
{
  if (isfinite (number))
    return yyjson_mut_real (doc, number);
  if (isnan (number))
    return yyjson_mut_str (doc, "nan");
  return yyjson_mut_str (doc, number > 0 ? "inf" : "-inf");
}

/**
 * json_add_text:
 * @key: a literal
 * @text: (nullable): text of a file; without one a null is added
 */
void
json_add_text (yyjson_mut_doc *doc, yyjson_mut_val *object, const char *key, const char *text)
{
  yyjson_mut_obj_add_val (doc, object, key,
                          text != NULL ? json_text (doc, text, strlen (text)) : yyjson_mut_null (doc));
}

static void
add_offset (yyjson_mut_doc *doc, yyjson_mut_val *object, const char *key, guint64 offset)
{
  if (offset == CKPT_NO_OFFSET)
    yyjson_mut_obj_add_null (doc, object, key);
  else
    yyjson_mut_obj_add_uint (doc, object, key, offset);
}

/**
 * json_add_place:
 * @place: (nullable): adds code, record, offset, file_offset and element; null for what is not known
 */
void
json_add_place (yyjson_mut_doc *doc, yyjson_mut_val *object, const CkptPlace *place)
{
  const CkptPlace unknown = { .offset = CKPT_NO_OFFSET, .file_offset = CKPT_NO_OFFSET };

  if (place == NULL)
    place = &unknown;
  json_add_text (doc, object, "code", place->code);
  json_add_text (doc, object, "record", place->record);
  add_offset (doc, object, "offset", place->offset);
  add_offset (doc, object, "file_offset", place->file_offset);
  json_add_text (doc, object, "element", place->element);
}

/**
 * json_error:
 * @error: why something could not be done
 *
 * Returns: (transfer none): an object of @doc with its message and place
 */
yyjson_mut_val *
json_error (yyjson_mut_doc *doc, const GError *error)
{
  yyjson_mut_val *object = yyjson_mut_obj (doc);

  json_add_text (doc, object, "message", error->message);
  json_add_place (doc, object, ckpt_error_get_place (error));
  return object;
}
