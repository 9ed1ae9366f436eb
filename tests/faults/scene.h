/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tracer.h"

G_BEGIN_DECLS

/**
 * Scene:
 * @folder: where it happens; nothing else is in it
 * @from: the file that is read
 * @path: the file that is written; may be the same
 * @argv: the command that does it
 * @old_content: of @from
 * @new_content: of @path once it was saved, known after scene_rehearse()
 * @calls: (element-type TracerCall): what a saving does, known after scene_rehearse()
 *
 * A command that saves a file, done again and again with one thing going wrong.
 */
typedef struct
{
  char *folder;
  char *from;
  char *path;
  char **argv;
  GBytes *old_content;
  GBytes *new_content;
  GPtrArray *calls;
} Scene;

typedef enum
{
  SCENE_OLD,
  SCENE_NEW,
} SceneState;

Scene     *scene_new              (const char        *original,
                                   gboolean           is_over,
                                   const char *const *words);
void       scene_free             (Scene             *self);
void       scene_rehearse         (Scene             *self);
int        scene_play             (Scene             *self,
                                   guint              index,
                                   TracerAnswer       answer,
                                   char             **output);
SceneState scene_get_state        (Scene             *self);
char     **scene_list_temporaries (Scene             *self);
gboolean   scene_is_inside        (Scene             *self,
                                   const TracerCall  *call);
gboolean   scene_is_temporary     (const TracerCall  *call);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Scene, scene_free)

G_END_DECLS
