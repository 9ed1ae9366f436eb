/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test-pickle.h"

#include <string.h>

void
test_text (GByteArray *array, const char *text)
{
  g_byte_array_append (array, (const guint8 *) text, strlen (text));
}

void
test_u64 (GByteArray *array, guint64 value)
{
  guint64 little = GUINT64_TO_LE (value);

  g_byte_array_append (array, (const guint8 *) &little, sizeof little);
}

void
test_unicode (GByteArray *array, const char *text)
{
  guint32 length = GUINT32_TO_LE (strlen (text));

  test_bytes (array, "X");
  g_byte_array_append (array, (const guint8 *) &length, sizeof length);
  test_text (array, text);
}
