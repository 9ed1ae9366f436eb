/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <glib/gi18n.h>

#define BUFFER_SIZE (64 << 10)

struct _Output
{
  int fd;
  char *name;
  CkptOutput *file; /* or NULL: @fd is it */
  gboolean is_ascii;
  GError *failure; /* why the first write that failed did so */
  gsize length;
  char buffer[BUFFER_SIZE];
};

static void
fail (Output *self, int number)
{
  g_set_error (&self->failure, G_IO_ERROR, g_io_error_from_errno (number), _ ("Cannot write to %s: %s"),
               self->name, g_strerror (number));
}

static void
write_to_fd (Output *self, const char *bytes, gsize length)
{
  while (length > 0 && self->failure == NULL)
    {
      gssize n = write (self->fd, bytes, length);

      if (n >= 0)
        {
          bytes += n;
          length -= n;
        }
      else if (errno != EINTR)
        fail (self, errno);
    }
}

static void
write_through (Output *self, const char *bytes, gsize length)
{
  if (self->failure != NULL)
    return;
  if (self->file != NULL)
    ckpt_output_write (self->file, bytes, length, &self->failure);
  else
    write_to_fd (self, bytes, length);
}

static void
empty_buffer (Output *self)
{
  write_through (self, self->buffer, self->length);
  self->length = 0;
}

/**
 * output_new_file:
 * @file: where to write; stays the caller's
 *
 * Returns: (transfer full): an output that writes bytes as they are
 */
Output *
output_new_file (CkptOutput *file)
{
  Output *self = g_new0 (Output, 1);

  self->fd = -1;
  self->file = file;
  return self;
}

static Output *
new_for_person (int fd, const char *name)
{
  Output *self = g_new0 (Output, 1);

  self->fd = fd;
  self->name = g_strdup (name);
  self->is_ascii = !g_get_charset (NULL);
  return self;
}

/**
 * output_new_stdout:
 *
 * Text goes out as UTF-8; where the locale has another character set, what is not ASCII goes out as `\u00e9`.
 *
 * Returns: (transfer full): an output to standard output
 */
Output *
output_new_stdout (void)
{
  return new_for_person (STDOUT_FILENO, _ ("standard output"));
}

/**
 * output_new_stderr:
 *
 * Returns: (transfer full): an output to standard error, which treats text as output_new_stdout() does
 */
Output *
output_new_stderr (void)
{
  return new_for_person (STDERR_FILENO, _ ("standard error"));
}

void
output_free (Output *self)
{
  g_clear_error (&self->failure);
  g_free (self->name);
  g_free (self);
}

/**
 * output_write:
 * @bytes: (array length=length): written as they are
 */
void
output_write (Output *self, const void *bytes, gsize length)
{
  if (self->failure != NULL)
    return;

  if (length > BUFFER_SIZE - self->length)
    empty_buffer (self);

  if (length > BUFFER_SIZE)
    {
      write_through (self, bytes, length);
      return;
    }

  memcpy (self->buffer + self->length, bytes, length);
  self->length += length;
}

static gboolean
is_ascii (const char *text)
{
  for (; *text != '\0'; text++)
    if ((guchar) *text >= 0x80)
      return FALSE;

  return TRUE;
}

/**
 * output_dup_other:
 * @text: UTF-8
 *
 * Returns: (transfer full) (nullable): what output_text() writes instead of the text, or NULL if it writes the text itself
 */
char *
output_dup_other (Output *self, const char *text)
{
  GString *other;

  if (!self->is_ascii || is_ascii (text))
    return NULL;

  other = g_string_new (NULL);
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c < 0x80)
        g_string_append_c (other, c);
      else
        g_string_append_printf (other, c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
    }
  return g_string_free_and_steal (other);
}

/**
 * output_text:
 * @text: UTF-8, already escaped where it comes from a file
 */
void
output_text (Output *self, const char *text)
{
  g_autofree char *other = output_dup_other (self, text);

  if (other != NULL)
    text = other;
  output_write (self, text, strlen (text));
}

void
output_printf (Output *self, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  output_text (self, text);
}

/**
 * output_has_failed:
 *
 * Returns: whether going on is of no use
 */
gboolean
output_has_failed (Output *self)
{
  return self->failure != NULL;
}

/**
 * output_flush:
 *
 * Writes what is still buffered, and says whether all that was written so far has arrived.
 *
 * Returns: FALSE with an error in G_IO_ERROR; for a reader that has closed its end it is G_IO_ERROR_BROKEN_PIPE. For a file with the errors of
 *   ckpt_output_write()
 */
gboolean
output_flush (Output *self, GError **error)
{
  empty_buffer (self);
  if (self->failure == NULL)
    return TRUE;

  g_propagate_error (error, g_error_copy (self->failure));
  return FALSE;
}
