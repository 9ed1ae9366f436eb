/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-device-map.h"

#include "model/ckpt-device.h"
#include "model/ckpt-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_SHOWN 60

struct _CkptDeviceMap
{
  GHashTable *targets; /* tag -> tag */
  char *any;           /* where all others go, or NULL */
  const char *only;    /* the one target, or NULL */
};

/**
 * ckpt_device_map_free:
 * @self: (nullable): a map
 */
void
ckpt_device_map_free (CkptDeviceMap *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->targets);
  g_free (self->any);
  g_free (self);
}

static gboolean
set_bad_word (GError **error, const char *word)
{
  g_autofree char *shown = ckpt_text_escape (word, strlen (word), MAX_SHOWN);

  return ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "device-word",
                         _ ("“%s” says no move: write it as “cuda:1=cpu”, or “*=cpu” for all devices."),
                         shown);
}

/* The meta device has no values: what is moved there is gone. */
static gboolean
check_target (const char *tag, GError **error)
{
  if (strcmp (tag, "meta") == 0)
    return ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "device-meta",
                           _ ("Nothing can be moved to the device “meta”: it holds shapes, but no values."));
  return ckpt_device_check (tag, error);
}

static gboolean
add_word (CkptDeviceMap *self, const char *word, GError **error)
{
  const char *equals = strchr (word, '=');
  g_autofree char *from = NULL;
  const char *to;

  if (equals == NULL || equals == word || equals[1] == '\0')
    return set_bad_word (error, word);
  from = g_strndup (word, equals - word);
  to = equals + 1;
  if (!check_target (to, error))
    return FALSE;
  if (strcmp (from, "*") == 0 ? self->any != NULL : g_hash_table_contains (self->targets, from))
    {
      g_autofree char *shown = ckpt_text_escape (from, strlen (from), MAX_SHOWN);

      return ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "device-twice",
                             _ ("What is on “%s” cannot go to two devices."), shown);
    }
  if (strcmp (from, "*") == 0)
    self->any = g_strdup (to);
  else
    g_hash_table_insert (self->targets, g_steal_pointer (&from), g_strdup (to));
  return TRUE;
}

/**
 * ckpt_device_map_new:
 * @words: words FROM=TO
 * @error: return location
 *
 * Returns: (transfer full): what goes where; %NULL with %CKPT_ERROR_INVALID_EDIT if the words make no sense, or PyTorch would not load
 *   from a device
 */
CkptDeviceMap *
ckpt_device_map_new (const CkptWords *words, GError **error)
{
  g_autoptr (CkptDeviceMap) self = g_new0 (CkptDeviceMap, 1);

  self->targets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < ckpt_words_get_n (words); i++)
    {
      const char *word = ckpt_words_get (words, i);
      const char *to;

      if (!add_word (self, word, error))
        return NULL;
      to = strchr (word, '=') + 1;
      self->only = i == 0 || (self->only != NULL && strcmp (self->only, to) == 0) ? to : NULL;
    }
  return g_steal_pointer (&self);
}

/**
 * ckpt_device_map_find:
 * @self: a map
 * @tag: a device
 *
 * As a dict for map_location, a tag is found only if it is written the same: "cuda" is not "cuda:0". What is on the meta device has no
 * values to move.
 *
 * Returns: (transfer none) (nullable): where it goes; %NULL if it stays
 */
const char *
ckpt_device_map_find (const CkptDeviceMap *self, const char *tag)
{
  const char *to = g_hash_table_lookup (self->targets, tag);

  if (to == NULL)
    to = self->any;
  return to == NULL || strcmp (to, tag) == 0 || strcmp (tag, "meta") == 0 ? NULL : to;
}

/**
 * ckpt_device_map_get_only:
 * @self: a map
 *
 * Returns: (transfer none) (nullable): the device that everything goes to, if it is one; valid as long as the words
 */
const char *
ckpt_device_map_get_only (const CkptDeviceMap *self)
{
  return self->only;
}
