/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "edit/ckpt-effect.h"
#include "model/ckpt-draft.h"

G_BEGIN_DECLS

/* What becomes of keys of state dicts; nothing changes before ckpt_key_map_apply(). */
typedef struct _CkptKeyMap CkptKeyMap;

/* The path that a path of `_metadata` becomes; NULL to leave it out. */
typedef char *(*CkptMetadataFunc) (const char *path,
                                   gpointer    user_data);

CkptKeyMap *ckpt_key_map_new   (CkptDraft         *draft);
void        ckpt_key_map_free  (CkptKeyMap        *self);
/* @key: what the key of child @i of @dict becomes, which is text */
void        ckpt_key_map_add   (CkptKeyMap        *self,
                                CkptNodeId         dict,
                                guint32            i,
                                const char        *key);
guint       ckpt_key_map_get_n (CkptKeyMap        *self);
gboolean    ckpt_key_map_apply (CkptKeyMap        *self,
                                CkptEffect        *effect,
                                GError           **error);

/* Gives `_metadata` of a state dict, if it has one, other paths: with those of @before, of version 1, in front. */
gboolean    ckpt_metadata_map  (CkptDraft         *draft,
                                CkptNodeId         dict,
                                const char *const *before,
                                CkptMetadataFunc   func,
                                gpointer           user_data,
                                guint             *n_changed,
                                GError           **error);
/* The value of a path: {"version": N}. */
CkptNodeId  ckpt_metadata_add_version (CkptDraft  *draft,
                                guint              version,
                                GError           **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptKeyMap, ckpt_key_map_free)

G_END_DECLS
