/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-key-ref.h"

struct _StateroomKeyRef
{
  GObject parent_instance;

  CkptSource *source;
  char *key;
  char *path;
};

G_DEFINE_FINAL_TYPE (StateroomKeyRef, stateroom_key_ref, G_TYPE_OBJECT)

static void
stateroom_key_ref_finalize (GObject *object)
{
  StateroomKeyRef *self = STATEROOM_KEY_REF (object);

  g_clear_pointer (&self->source, ckpt_source_unref);
  g_free (self->key);
  g_free (self->path);

  G_OBJECT_CLASS (stateroom_key_ref_parent_class)->finalize (object);
}

static void
stateroom_key_ref_class_init (StateroomKeyRefClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = stateroom_key_ref_finalize;
}

static void
stateroom_key_ref_init (StateroomKeyRef *self)
{
}

/**
 * stateroom_key_ref_new:
 * @item: a row that is a value
 *
 * Returns: (transfer full): what names the value
 */
StateroomKeyRef *
stateroom_key_ref_new (CkptItem *item)
{
  StateroomKeyRef *self = g_object_new (STATEROOM_TYPE_KEY_REF, NULL);

  self->source = ckpt_source_ref (ckpt_tree_get_source (ckpt_item_get_tree (item)));
  self->key = ckpt_item_dup_key (item);
  self->path = ckpt_item_dup_path_text (item);
  return self;
}

/**
 * stateroom_key_ref_new_provider:
 * @item: a row
 *
 * Returns: (transfer full): its key as text, and the value for another file of this app
 */
GdkContentProvider *
stateroom_key_ref_new_provider (CkptItem *item)
{
  g_autoptr (StateroomKeyRef) ref = stateroom_key_ref_new (item);
  GdkContentProvider *providers[] = {
    gdk_content_provider_new_typed (STATEROOM_TYPE_KEY_REF, ref),
    gdk_content_provider_new_typed (G_TYPE_STRING, ref->key),
  };

  return gdk_content_provider_new_union (providers, G_N_ELEMENTS (providers));
}

/**
 * stateroom_key_ref_get_source:
 *
 * Returns: (transfer none): the file
 */
CkptSource *
stateroom_key_ref_get_source (StateroomKeyRef *self)
{
  g_return_val_if_fail (STATEROOM_IS_KEY_REF (self), NULL);

  return self->source;
}

/**
 * stateroom_key_ref_get_key:
 *
 * Returns: (transfer none): what the value is called there
 */
const char *
stateroom_key_ref_get_key (StateroomKeyRef *self)
{
  g_return_val_if_fail (STATEROOM_IS_KEY_REF (self), NULL);

  return self->key;
}

/**
 * stateroom_key_ref_get_path:
 *
 * Returns: (transfer none): the text of its path
 */
const char *
stateroom_key_ref_get_path (StateroomKeyRef *self)
{
  g_return_val_if_fail (STATEROOM_IS_KEY_REF (self), NULL);

  return self->path;
}
